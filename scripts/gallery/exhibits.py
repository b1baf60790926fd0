"""What the gallery shows: which samples, graded, and results that no sample can bring about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np

from grader import check, diagnose
from grader.batch.one import judged
from grader.kernel import KernelServer
from grader.model.exercise import (
    Assignment,
    CallCheck,
    Check,
    EventCheck,
    Exercise,
    FigureCheck,
    TensorCheck,
)
from grader.model.expectation import Expectation
from grader.model.observation import Capture
from grader.model.result import Audience, CheckStatus, Result
from grader.model.submission import Submission
from grader.pipeline import Graded, grade, judge
from grader.reference import ReferenceProcess
from grader.report import for_audience
from grader.selftest import Sample, notebook, samples
from grader.spec import load_assignment, references

COURSE = Path(__file__).resolve().parents[2]
KINDS: tuple[str, ...] = tuple(
    kind.__dataclass_fields__["kind"].default for kind in get_args(Check)
)
STATUSES: tuple[str, ...] = get_args(CheckStatus)
DUE = "2026-10-05T23:59:00+03:00"
BEFORE, AFTER = "2026-10-01T12:00:00+03:00", "2026-10-06T09:00:00+03:00"
SEED = 20
Place = tuple[str, str]  # a kind of check, and an outcome
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One result, and for whom it is shown. `caption` says what it is there for."""

    name: str
    caption: str
    result: Result
    submission: Submission
    capture: Capture
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


def possible(exercises: Iterable[Exercise]) -> set[Place]:
    """The kinds and outcomes that the checks of these exercises can have at all."""
    return {(c.kind, status) for e in exercises for c in e.checks for status in _possible(c)}


def _possible(check: Check) -> Iterator[str]:
    yield from ("passed", "failed", "missing")
    if check.needs:
        yield "skipped"
    if isinstance(check, FigureCheck):
        reference: object = check.curves
    elif isinstance(check, EventCheck):
        reference = check.gradient or check.leaf_gradient
    else:
        reference = isinstance(check, TensorCheck | CallCheck) and check.expect
    if reference:
        yield from ("undecidable", "error")
    if check.vary or isinstance(check, CallCheck):
        yield "needs_rerun"


def outcomes(exercise: Exercise, sample: Sample) -> set[Place]:
    """The kinds and outcomes that a sample says it gets."""
    return {(c.kind, sample.outcome.get(c.id, "passed")) for c in exercise.checks}


def for_diagnoses(found: Sequence[Sample], ids: Sequence[str]) -> dict[str, Sample]:
    """Diagnosis → a sample that shows it, spread over the exercises; what lacks one is left out."""
    chosen: dict[str, Sample] = {}
    used: dict[str, int] = {}
    for id in ids:
        told = [s for s in found if s.diagnosis == id]
        told = told or [s for s in found if s.name.startswith(f"wrong/{id}/")]
        if told:
            chosen[id] = min(told, key=lambda s: (used.get(s.exercise, 0), s.exercise, s.name))
            used[chosen[id].exercise] = used.get(chosen[id].exercise, 0) + 1
    return chosen


def for_outcomes(
    found: Sequence[Sample], exercises: Mapping[str, Exercise], covered: Iterable[Place]
) -> list[Sample]:
    """A few samples that show the other kinds and outcomes."""
    left = {
        place
        for sample in found
        if sample.kind == "wrong"
        for place in outcomes(exercises[sample.exercise], sample)
    } - set(covered)
    chosen = []
    while left:
        new = [(s, outcomes(exercises[s.exercise], s) & left) for s in found if s.kind == "wrong"]
        best, shown = max(new, key=lambda pair: len(pair[1]))
        chosen.append(best)
        left -= shown
    return chosen


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
        assignment = replace(self.whole, id=sample.exercise, exercises=exercises)
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
    chosen = for_diagnoses(shop.found, diagnose.ids())
    if few:
        chosen = dict(list(chosen.items())[:2])
    covered: set[Place] = set()
    for id, sample in chosen.items():
        made = _exhibit(id, f"The diagnosis {id}: {_where(sample)}", shop.alone(sample))
        made = _told(made, id)
        covered |= made.places()
        yield made
    if not few:
        for sample in for_outcomes(shop.found, exercises, covered):
            name = re.sub(r"[^a-z0-9]+", "-", f"{sample.exercise}-{Path(sample.name).name}")
            caption = f"Outcomes of checks: {_where(sample)}"
            yield replace(_exhibit(name, caption, shop.alone(sample)), audience="instructor")
    yield from _altered(shop, exercises, few)
    yield from _reports(shop, few)


def _where(sample: Sample) -> str:
    return f"solutions/{sample.exercise}/{sample.name}.py"


def _exhibit(name: str, caption: str, graded: Graded) -> Exhibit:
    return Exhibit(name, caption, graded.result, graded.submission, graded.capture)


def _told(exhibit: Exhibit, id: str) -> Exhibit:
    """For a student, unless the diagnosis explains only checks that students never see."""
    return exhibit if id in exhibit.diagnoses() else replace(exhibit, audience="instructor")


def _altered(shop: Workshop, exercises: Mapping[str, Exercise], few: bool) -> Iterator[Exhibit]:
    """Outcomes that no submission can bring about: the reference's answers are changed."""
    wanted = {place for place in possible(exercises.values()) if place[1] in ALTERED}
    for id in _in_turn(exercises, wanted)[: 1 if few else None]:
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


def _in_turn(exercises: Mapping[str, Exercise], wanted: set[Place]) -> list[str]:
    """The exercise that can show the most of these, then most of the rest, and so on."""
    chosen = []
    left = set(wanted)
    while left:
        best = max(exercises, key=lambda id: len(possible([exercises[id]]) & left))
        chosen.append(best)
        left -= possible([exercises[best]])
    return chosen


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
    ids = load_assignment(COURSE, "autograd").exercises
    four = replace(shop.whole, id="autograd", exercises=tuple(ids))
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
        Capture(SEED, refused.run),
    )  # fmt: skip


def _showing(found: Sequence[Sample], right: Sample, id: str) -> Sample:
    """A wrong answer to the same exercise, with this diagnosis."""
    return next(s for s in found if s.exercise == right.exercise and s.diagnosis == id)


def _stopped(shop: Workshop, four: Assignment, right: Sequence[Sample]) -> tuple[str, Graded]:
    """A cell that never ends, and one that ends the kernel."""
    endless = '# %% name="first-pass"\nwhile True:\n    pass\n'
    deadly = '# %% name="scalar"\nimport os\n\nos._exit(3)\n'
    chosen = [replace(right[0], text=endless), replace(right[1], text=deadly), *right[2:]]
    short = replace(four, limits=replace(four.limits, cell_seconds=1.0, wall_factor=2.0))
    caption = "One cell never ends, another ends the kernel"
    return caption, shop.run(short, notebook(short, chosen))
