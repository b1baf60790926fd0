"""What the gallery shows: which samples, graded, and results that no sample can bring about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from grader import check, diagnose
from grader.batch.one import judged
from grader.kernel import KernelServer
from grader.model.exercise import Assignment, Exercise
from grader.model.expectation import Expectation
from grader.model.observation import Capture
from grader.model.result import Audience, Result
from grader.model.submission import Submission
from grader.pipeline import Graded, grade, judge
from grader.reference import ReferenceProcess
from grader.report import for_audience
from grader.selftest import Sample, notebook, samples
from grader.spec import load_assignment, references
from scripts.gallery.choose import Place, for_diagnosis, for_outcomes, in_turn, possible
from scripts.gallery.snippets import snippets

COURSE = Path(__file__).resolve().parents[2]
DUE = "2026-10-05T23:59:00+03:00"
BEFORE, AFTER = "2026-10-01T12:00:00+03:00", "2026-10-06T09:00:00+03:00"
SEED = 20
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One result, and for whom it is shown. `caption` says what it is there for."""

    name: str
    caption: str
    result: Result
    submission: Submission
    capture: Capture
    assignment: Assignment
    audience: Audience = "student"
    as_of: str = AFTER

    def seen(self) -> Result:
        """The result as its audience may see it."""
        return for_audience(self.result, self.audience, self.as_of, DUE)

    def places(self) -> set[Place]:
        """The kinds and outcomes that its page shows."""
        seen = self.seen()
        return {(c.kind, c.status) for exercise in seen.exercises for c in exercise.checks}

    def diagnoses(self) -> set[str]:
        """The diagnoses that its page shows: no more than three an exercise."""
        return {d.id for exercise in self.seen().exercises for d in exercise.diagnoses[:3]}


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where samples are graded: warm processes that every exhibit shares."""

    course: Path
    whole: Assignment
    found: tuple[Sample, ...]
    references: ReferenceProcess
    server: KernelServer

    def run(self, assignment: Assignment, data: bytes) -> Graded:
        """Grade a notebook."""
        return grade(
            data, "sample.ipynb", assignment, self.references, seed=SEED,
            student="Анна Wang", server=self.server.address,
        )  # fmt: skip

    def alone(self, sample: Sample) -> Graded:
        """Grade a sample as an assignment of its exercise alone."""
        exercises = tuple(e for e in self.whole.exercises if e.id == sample.exercise)
        assignment = replace(
            self.whole, id=sample.exercise, title=exercises[0].title, exercises=exercises
        )
        return self.run(assignment, notebook(assignment, [sample]))

    def again(
        self, graded: Graded, change: Callable[[Expectation], Expectation], capture: Capture
    ) -> Graded:
        """Judge a run once more, with other answers of the reference or another capture."""
        asked = [
            request
            for exercise in graded.assignment.exercises
            for request in check.requests(exercise, graded.submission, graded.capture)
        ]
        answers = {key: change(one) for key, one in self.references.answer(asked).items()}
        return judge(
            graded.assignment, graded.submission, capture, answers,
            student=graded.result.student, language="en",
        )  # fmt: skip


def build(progress: Progress, *, few: bool = False) -> list[Exhibit]:
    """Grade and judge everything that the gallery shows; `few` takes a part of each section."""
    whole = load_assignment(COURSE, "all")
    found = samples(COURSE, whole)
    with ReferenceProcess(references(COURSE, whole)) as process, KernelServer() as server:
        shop = Workshop(COURSE, whole, found, process, server)
        exhibits = []
        for exhibit in _all(shop, few):
            progress(exhibit.name)
            exhibits.append(exhibit)
    return exhibits


def _all(shop: Workshop, few: bool) -> Iterator[Exhibit]:
    exercises = {exercise.id: exercise for exercise in shop.whole.exercises}
    covered: set[Place] = set()
    lacking = []
    used: dict[str, int] = {}
    for id in diagnose.ids()[: 2 if few else None]:
        made = _diagnosed(shop, id, used)
        if made is None:
            lacking.append(id)
        else:
            covered |= made.places()
            yield made
    yield from _from_snippets(shop, lacking)
    if not few:
        for sample in for_outcomes(shop.found, exercises, covered):
            name = re.sub(r"[^a-z0-9]+", "-", f"{sample.exercise}-{Path(sample.name).name}")
            caption = f"Outcomes of checks: {_where(sample)}"
            yield replace(_exhibit(name, caption, shop.alone(sample)), audience="instructor")
    yield from _altered(shop, exercises, few)
    yield from _reports(shop, few)


def _diagnosed(shop: Workshop, id: str, used: dict[str, int]) -> Exhibit | None:
    """A sample that shows a diagnosis: to a student, where one may see what it explains."""
    for sample in for_diagnosis(id, shop.found, used):
        made = _exhibit(id, f"The diagnosis {id}: {_where(sample)}", shop.alone(sample))
        for audience in ("student", "instructor"):
            shown = replace(made, audience=audience)
            if id in shown.diagnoses():
                used[sample.exercise] = used.get(sample.exercise, 0) + 1
                return shown
    return None


def _from_snippets(shop: Workshop, ids: Sequence[str]) -> Iterator[Exhibit]:
    """Diagnoses that no sample shows: from the few wrong lines that stand beside their texts."""
    with TemporaryDirectory() as folder:
        course, written = snippets(Path(folder), ids)
        if not written:
            return
        whole = load_assignment(course, "snippets")
        with ReferenceProcess(references(course, whole)) as process:
            place = replace(shop, course=course, whole=whole, references=process)
            for sample in written:
                caption = f"The diagnosis {sample.exercise}: the lines beside its texts"
                made = _exhibit(sample.exercise, caption, place.alone(sample))
                if sample.exercise in made.diagnoses():
                    yield made


def _where(sample: Sample) -> str:
    return f"solutions/{sample.exercise}/{sample.name}.py"


def _exhibit(name: str, caption: str, graded: Graded) -> Exhibit:
    return Exhibit(
        name, caption, graded.result, graded.submission, graded.capture, graded.assignment
    )


def _altered(shop: Workshop, exercises: Mapping[str, Exercise], few: bool) -> Iterator[Exhibit]:
    """Outcomes that no submission can bring about: the reference's answers are changed."""
    wanted = {place for place in possible(exercises.values()) if place[1] in ALTERED}
    for id in in_turn(exercises, wanted)[: 1 if few else None]:
        sample = next(s for s in shop.found if s.exercise == id and s.kind == "accepted")
        graded = shop.alone(sample)
        bare = replace(graded.capture, calls={}, variations=())
        for status, (change, about) in list(ALTERED.items())[: 1 if few else None]:
            capture = bare if status == "needs_rerun" else graded.capture
            made = replace(
                _exhibit(
                    f"{status.replace('_', '-')}-{id}", f"Outcomes of checks: {about}",
                    shop.again(graded, change, capture),
                ),
                audience="instructor",
            )  # fmt: skip
            if made.places() & wanted:
                wanted -= made.places()
                yield made


def _unbounded(answer: Expectation) -> Expectation:
    if answer.exact is None or answer.exact.data is None:
        return answer
    data = answer.exact.data
    if data.dtype.kind != "f":
        return answer
    moved = replace(answer.exact, data=data + np.where(data == 0, 1e-6, data * 1e-3))
    return replace(answer, exact=moved, own=moved, spread=np.full(data.shape, np.inf))


def _broken(answer: Expectation) -> Expectation:
    return Expectation(answer.key, error="raised: ValueError", on_drawn=True)


def _as_it_was(answer: Expectation) -> Expectation:
    return answer


ALTERED: Mapping[str, tuple[Callable[[Expectation], Expectation], str]] = {
    "undecidable": (_unbounded, "rounding could explain any answer"),
    "error": (_broken, "the reference fails on inputs of our own"),
    "needs_rerun": (_as_it_was, "a capture from before these checks"),
}


def _reports(shop: Workshop, few: bool) -> Iterator[Exhibit]:
    """Whole reports, of four exercises and in unusual states."""
    four = load_assignment(COURSE, "autograd")
    right = [
        next(s for s in shop.found if s.exercise == e.id and s.kind == "accepted")
        for e in four.exercises
    ]
    mixed = [_showing(shop.found, right[0], "accumulated-gradient"), right[1]]
    mixed += [_showing(shop.found, right[2], "sign-flipped")]
    mixed += [_showing(shop.found, right[3], "wrong-cotangent")]
    graded = shop.run(four, notebook(four, mixed))
    report = _exhibit("report", "Four exercises, for the student after the due time", graded)
    yield report
    if few:
        return
    yield replace(
        report, name="report-before-due", as_of=BEFORE,
        caption="The same before it: fewer checks, and nothing of the others",
    )  # fmt: skip
    yield replace(
        report, name="report-instructor", audience="instructor",
        caption="The same for the instructor",
    )  # fmt: skip
    yield _exhibit("report-right", "Everything is right", shop.run(four, notebook(four, right)))
    empty = _exhibit("report-empty", "Handed in as released", shop.run(four, notebook(four, [])))
    yield empty
    yield replace(
        empty, name="report-empty-instructor", audience="instructor",
        caption="The same for the instructor",
    )  # fmt: skip
    yield _exhibit("report-stopped", *_stopped(shop, four, right))
    refused = judged(lambda: shop.run(four, b"\x89PNG"), four, SEED, "en").result
    bare = Submission(cells=(), notices=refused.notices)
    yield Exhibit(
        "report-refused", "A file that is no notebook", refused, bare,
        Capture(SEED, refused.run), four,
    )  # fmt: skip


def _showing(found: Sequence[Sample], right: Sample, id: str) -> Sample:
    """A wrong answer to the same exercise, with this diagnosis."""
    return next(s for s in found if s.exercise == right.exercise and s.diagnosis == id)


def _stopped(shop: Workshop, four: Assignment, right: Sequence[Sample]) -> tuple[str, Graded]:
    """A cell that never ends, and one that ends the kernel."""
    endless = '# %% name="first-pass"\nwhile True:\n    pass\n'
    deadly = '# %% name="scalar"\nimport os\n\nos._exit(3)\n'
    chosen = [replace(right[0], text=endless), replace(right[1], text=deadly), *right[2:]]
    short = replace(four, limits=replace(four.limits, cell_seconds=3.0))
    caption = "One cell never ends, another ends the kernel"
    return caption, shop.run(short, notebook(short, chosen))
