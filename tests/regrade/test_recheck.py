"""Judging again comes to what grading the same captures anew comes to, and keeps no old word."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from grader import pipeline
from grader.diagnose import grounds
from grader.gradebook import Gradebook
from grader.kernel import KernelServer
from grader.model.exercise import Assignment, Exercise
from grader.model.record import Observed, Specification, Student
from grader.model.result import Result
from grader.numerics import rounding
from grader.numerics.compare import _remembered
from grader.pipeline import Graded, diagnosis_texts
from grader.reference import ReferenceProcess
from grader.regrade import recheck
from grader.report import to_json
from grader.selftest import notebook, samples
from grader.spec import load_assignment, references, to_stamp
from tests.gradebook.samples import NOON, handed

WRONG = {
    "backward-twice": "constant-factor",
    "control-flow-vector": "mean-for-sum",
    "sin-derivative-plot": None,  # the accepted one
    "gradient-argument": "sign-flipped",
}
EARLIER = "0.0.0"  # the grader that judged first
CORRECTED = "corrected"


@pytest.fixture(scope="module")
def autograd(course: Path) -> Assignment:
    return load_assignment(course, "autograd")


@pytest.fixture(scope="module")
def graded(course: Path, autograd: Assignment, kernels: KernelServer) -> Graded:
    """A notebook with several mistakes that have names, run once."""
    found = samples(course, autograd)
    chosen = []
    for exercise in autograd.exercises:
        mine = [one for one in found if one.exercise == exercise.id]
        named = WRONG[exercise.id]
        wrong = [one for one in mine if named is not None and one.diagnosis == named]
        chosen.append((wrong or [one for one in mine if one.kind == "accepted"])[0])
    with ReferenceProcess(references(course, autograd)) as process:
        data = notebook(autograd, chosen)
        graded = pipeline.grade(data, "hw.ipynb", autograd, process, seed=1, server=kernels.address)
    assert sum(bool(each.diagnoses) for each in graded.result.exercises) >= 2
    return graded


@pytest.fixture
def book(tmp_path: Path, autograd: Assignment, graded: Graded) -> Iterator[Gradebook]:
    """A gradebook with that notebook, as an earlier version of the grader judged it."""
    with Gradebook(tmp_path / "gradebook.db", create=True, clock=lambda: NOON) as opened:
        stamp = to_stamp(autograd, "en")
        for version in (autograd.spec_hash, CORRECTED):
            opened.specify(Specification(version, autograd.id, None, stamp))
        opened.enrol([Student("li.wei")])
        attempt = opened.hand_in(handed("li.wei"))
        result = replace(graded.result, student="li.wei")
        body = to_json(result, result.language, diagnosis_texts(result))
        observed = Observed(graded.submission, graded.capture, graded.answers)
        opened.record(attempt.submission, result, body, observed, EARLIER)
        yield opened


def again(book: Gradebook, assignment: Assignment, process: ReferenceProcess) -> Result:
    """What judging again comes to."""
    judge = partial(recheck, assignment, process)
    (seen,) = book.regrade(assignment.id, assignment.spec_hash, judge)
    assert seen.fault is None and seen.after is not None
    return seen.after


def anew(graded: Graded, assignment: Assignment, process: ReferenceProcess) -> Result:
    """What the same run comes to when nothing is known of it."""
    asked = [
        request
        for exercise in assignment.exercises
        for request in pipeline.check.requests(exercise, graded.submission, graded.capture)
    ]
    return pipeline.judge(
        assignment,
        graded.submission,
        graded.capture,
        process.answer(asked),
        student="li.wei",
        language=graded.result.language,
    ).result


@pytest.fixture
def tolerances(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Changes tolerances for a test, during which nothing is known of how numbers compare."""
    _remembered.cache_clear()
    with monkeypatch.context() as changed:
        yield changed
    _remembered.cache_clear()


@pytest.fixture
def diagnosed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The exercises that are diagnosed from now on."""
    calls: list[str] = []
    real = pipeline.diagnose_in_stages

    def counted(exercise: Exercise, *rest):
        calls.append(exercise.id)
        return real(exercise, *rest)

    monkeypatch.setattr(pipeline, "diagnose_in_stages", counted)
    return calls


def test_a_tolerance_that_changes_no_finding_leaves_the_diagnoses(
    book: Gradebook, graded: Graded, autograd: Assignment, course: Path,
    diagnosed: list[str], tolerances: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    tolerances.setattr(rounding, "GAP", 8.0)
    with ReferenceProcess(references(course, autograd)) as process:
        seen = again(book, autograd, process)
        assert diagnosed == [], "what could only be found again was looked for"
        fresh = anew(graded, autograd, process)
    assert seen == fresh
    before = {c.check: c.tolerance for e in graded.result.exercises for c in e.checks}
    after = {c.check: c.tolerance for e in seen.exercises for c in e.checks}
    assert before != after, "the tolerance was not another one"


def test_a_tolerance_that_changes_a_finding_changes_what_explains_it(
    book: Gradebook, graded: Graded, autograd: Assignment, course: Path,
    diagnosed: list[str], tolerances: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    tolerances.setattr(rounding, "FLOOR", dict.fromkeys(rounding.FLOOR, 2.0**40))
    tolerances.setattr(rounding, "_cap", lambda size, dtype: size + 2.0**40)
    with ReferenceProcess(references(course, autograd)) as process:
        seen = again(book, autograd, process)
        looked = [*diagnosed]
        fresh = anew(graded, autograd, process)
    assert seen == fresh
    changed = [
        new.id
        for old, new in zip(graded.result.exercises, seen.exercises, strict=True)
        if [c.status for c in old.checks] != [c.status for c in new.checks]
    ]
    assert changed and set(changed) <= set(looked)
    assert [e.diagnoses for e in seen.exercises] != [e.diagnoses for e in graded.result.exercises]


def test_another_reference_is_asked_and_its_answers_are_explained(
    book: Gradebook, graded: Graded, autograd: Assignment, course: Path, tmp_path: Path,
    diagnosed: list[str],
) -> None:  # fmt: skip
    other = tmp_path / "reference.py"
    shutil.copy(references(course, autograd)["backward-twice"], other)
    text = other.read_text("utf-8")
    assert text.count("2 * torch.dot(x, x)") == 2
    other.write_text(text.replace("2 * torch.dot(x, x)", "torch.dot(x, x)"), "utf-8")
    files = references(course, autograd) | {"backward-twice": other}
    exercises = tuple(
        replace(each, digest=CORRECTED) if each.id == "backward-twice" else each
        for each in autograd.exercises
    )
    corrected = replace(autograd, exercises=exercises, spec_hash=CORRECTED)
    with ReferenceProcess(files) as process:
        seen = again(book, corrected, process)
        assert diagnosed == ["backward-twice"]
        fresh = anew(graded, corrected, process)
    assert seen == fresh
    old, new = (
        next(each for each in result.exercises if each.id == "backward-twice")
        for result in (graded.result, seen)
    )
    assert [c.status for c in old.checks] != [c.status for c in new.checks]
    assert old.diagnoses != new.diagnoses


def test_a_check_that_is_shown_to_others_is_explained_to_others(
    book: Gradebook, graded: Graded, autograd: Assignment, course: Path
) -> None:
    exercises = tuple(
        replace(
            each,
            digest=CORRECTED,
            checks=tuple(replace(check, visibility="hidden") for check in each.checks),
        )
        for each in autograd.exercises
    )
    corrected = replace(autograd, exercises=exercises, spec_hash=CORRECTED)
    with ReferenceProcess(references(course, autograd)) as process:
        seen = again(book, corrected, process)
        assert seen == anew(graded, corrected, process)
    told = [said for e in seen.exercises for stage in e.for_students.values() for said in stage]
    assert told == []


@pytest.mark.usefixtures("book")
def test_other_matchers_look_anew(
    book: Gradebook, autograd: Assignment, course: Path,
    diagnosed: list[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(grounds, "_program", lambda: b"other matchers")
    with ReferenceProcess(references(course, autograd)) as process:
        again(book, autograd, process)
    assert diagnosed == [exercise.id for exercise in autograd.exercises]
