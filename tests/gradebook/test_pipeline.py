# ruff: noqa: F811
"""What a real run left in the book is judged again without running it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from grader.gradebook import Gradebook, written
from grader.model.exercise import Assignment, Exercise, TensorCheck
from grader.model.record import Observed, Specification
from grader.pipeline import Graded, diagnosis_texts
from grader.reference import ReferenceProcess
from grader.regrade import recheck
from grader.report import to_json
from grader.spec import references, to_stamp
from tests.pipeline.conftest import autograd, process  # noqa: F401

from .samples import LI, handed

ANSWERS = {
    "backward-twice/first-pass": (
        "y = 2 * torch.dot(x, x)\ny.backward()\nfirst_gradient = x.grad.clone()"
    )
}
Correct = Callable[[Exercise], Exercise]


@pytest.fixture(scope="module")
def graded(autograd: Assignment, process: ReferenceProcess, kernels) -> Graded:
    """A notebook with one exercise, answered."""
    from grader.pipeline import grade
    from tests.pipeline.conftest import filled

    data = filled(autograd, ANSWERS)
    return grade(data, "hw.ipynb", autograd, process, seed=1, server=kernels.address)


def corrected(assignment: Assignment, id: str, correct: Correct) -> Assignment:
    """The assignment with one exercise corrected."""
    exercises = tuple(
        replace(correct(each), digest="corrected") if each.id == id else each
        for each in assignment.exercises
    )
    return replace(assignment, exercises=exercises, spec_hash="corrected")


def recorded(book: Gradebook, assignment: Assignment, graded: Graded) -> None:
    """Li's notebook and what came of it."""
    result = replace(graded.result, student="li.wei")
    body = to_json(result, result.language, diagnosis_texts(result))
    stamp = to_stamp(assignment, "en")
    book.enrol([LI])
    for spec_hash in (assignment.spec_hash, "corrected"):
        book.specify(Specification(spec_hash, assignment.id, assignment.due, stamp))
    attempt = book.hand_in(handed("li.wei"))
    observed = Observed(graded.submission, graded.capture, graded.answers)
    book.record(attempt.submission, result, body, observed)


def again(book: Gradebook, assignment: Assignment, references: ReferenceProcess):
    """What a correction changes for Li."""
    (seen,) = book.regrade(
        assignment.id, assignment.spec_hash, partial(recheck, assignment, references)
    )
    assert seen.fault is None
    return seen


def test_the_same_comes_out_without_a_question_to_anybody(
    book: Gradebook,
    autograd: Assignment,
    graded: Graded,
    course: Path,
) -> None:
    recorded(book, autograd, graded)
    nobody = ReferenceProcess(references(course, autograd))
    every = replace(
        autograd,
        exercises=tuple(replace(e, digest="corrected") for e in autograd.exercises),
        spec_hash="corrected",
    )
    seen = again(book, every, nobody)
    assert nobody._child is None, "what is known already was asked again"
    assert seen.after is not None
    assert not seen.changed
    assert [e.checks for e in seen.after.exercises] == [e.checks for e in graded.result.exercises]
    assert seen.score == (graded.result.score, graded.result.score)


def test_only_the_exercise_that_was_corrected_is_judged_again(
    book: Gradebook,
    autograd: Assignment,
    graded: Graded,
    process: ReferenceProcess,
) -> None:
    recorded(book, autograd, graded)

    def correct(exercise: Exercise) -> Exercise:
        checks = tuple(
            replace(c, equals=56.0) if isinstance(c, TensorCheck) and c.id == "y" else c
            for c in exercise.checks
        )
        return replace(exercise, checks=checks)

    seen = again(book, corrected(autograd, "backward-twice", correct), process)
    changes = {(c.exercise, c.check): c for c in seen.changes}
    change = changes["backward-twice", "y"]
    assert (change.before.status, change.after.status) == ("passed", "failed")
    assert change.why == ("expected",)
    assert {exercise for exercise, _ in changes} == {"backward-twice"}


def test_an_old_answer_never_stands_for_a_new_question(
    book: Gradebook,
    autograd: Assignment,
    graded: Graded,
    process: ReferenceProcess,
) -> None:
    recorded(book, autograd, graded)

    def other_inputs(exercise: Exercise) -> Exercise:
        names = {"x": replace(exercise.vary.names["x"], scale=9.0)}
        return replace(exercise, vary=replace(exercise.vary, names=names))

    seen = again(book, corrected(autograd, "backward-twice", other_inputs), process)
    assert ("backward-twice", "first-gradient") in seen.rerun
    assert seen.score[1] is None

    def other_cells(exercise: Exercise) -> Exercise:
        cells = tuple(
            replace(c, source=c.source + "\nx = 2 * x") if c.locked else c for c in exercise.cells
        )
        return replace(exercise, cells=cells)

    seen = again(book, corrected(autograd, "backward-twice", other_cells), process)
    exercise = next(e for e in autograd.exercises if e.id == "backward-twice")
    assert seen.rerun == tuple((exercise.id, check.id) for check in exercise.checks)


def test_a_second_correction_still_knows_what_the_run_was_asked(
    book: Gradebook,
    autograd: Assignment,
    graded: Graded,
    process: ReferenceProcess,
) -> None:
    recorded(book, autograd, graded)

    def other_inputs(exercise: Exercise) -> Exercise:
        names = {"x": replace(exercise.vary.names["x"], scale=9.0)}
        return replace(exercise, vary=replace(exercise.vary, names=names))

    once = corrected(autograd, "backward-twice", other_inputs)
    first = again(book, once, process)
    body = to_json(first.after, "en", diagnosis_texts(first.after))
    book.record_regraded([(first, written(first.after, body))])
    twice = replace(once, spec_hash="again")
    second = again(book, twice, process)
    assert second.rerun == first.rerun
    back = replace(corrected(autograd, "backward-twice", lambda e: e), spec_hash="back")
    third = again(book, back, process)
    assert third.after.score == graded.result.score


@pytest.mark.parametrize(
    "id", ["backward-twice", "control-flow-vector", "sin-derivative-plot", "gradient-argument"]
)
def test_one_exercise_s_part_of_a_capture_is_all_that_it_needs(
    book: Gradebook,
    autograd: Assignment,
    graded: Graded,
    process: ReferenceProcess,
    id: str,
) -> None:
    recorded(book, autograd, graded)
    seen = again(book, corrected(autograd, id, lambda exercise: exercise), process)
    assert not seen.changed
    after = {e.id: (e.checks, e.diagnoses) for e in seen.after.exercises}
    assert after == {e.id: (e.checks, e.diagnoses) for e in graded.result.exercises}
