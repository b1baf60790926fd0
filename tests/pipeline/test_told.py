"""What students are told is made from what they may see: a hidden outcome changes no word of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import check
from grader.model.exercise import TensorCheck, Visibility
from grader.model.result import ExerciseResult, Result
from grader.pipeline import judge_exercise
from grader.report import for_audience
from tests.check.builders import (
    X,
    answers,
    backward,
    capture,
    cell,
    exercise,
    leaf_tensor,
    submission,
    tensor,
)
from tests.report.samples import RESULT

DUE = "2026-10-02"
TIMES = {"public": "2026-10-02T12:00", "after_due": "2026-10-03T12:00"}
QUARTER = [0.5 * x for x in X]  # of 2 x: `constant-factor`, which is none too sure
SEEN = TensorCheck(
    id="seen", cell="answer", value="x_gradient", expect="gradient", visibility="public"
)
ANSWERS: dict[str, Callable[[Any], Any]] = {
    "met": lambda x: 0.5 * x,
    "missed, by its sign": lambda x: -0.5 * x,  # `sign-flipped`, which is surer
    "missed, by a factor": lambda x: 4 * x,
    "missed, anyhow": lambda x: np.cos(x) + x,
}


def judged(visibility: Visibility, answer: str) -> ExerciseResult:
    """One wrong value: of what a public check expects, and of what another one does."""
    other = TensorCheck(
        id="other", cell="answer", value="x_gradient", expect="other", visibility=visibility
    )
    ex = exercise(SEEN, other)
    handed_in = submission("import torch", "y = x * x\ny.sum().backward()\nx_gradient = x.grad / 4")
    once = backward(leaf_tensor(X), [2 * x for x in X])
    names = {"x": leaf_tensor(X), "x_gradient": tensor(QUARTER)}
    observed = capture(cell(0, {"x": leaf_tensor(X)}), cell(1, names, events=(once,)))
    said = answers(
        check.requests(ex, handed_in, observed),
        {"gradient": lambda x: 2 * x, "other": ANSWERS[answer]},
    )
    return judge_exercise(ex, handed_in, observed, said)


def shown(made: ExerciseResult, when: str) -> ExerciseResult:
    whole: Result = replace(RESULT, exercises=(made,))
    return for_audience(whole, "student", TIMES[when], DUE).exercises[0]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(
    ("visibility", "when"),
    [("hidden", "public"), ("hidden", "after_due"), ("after_due", "public")],
)
def test_a_diagnosis_does_not_tell_what_a_withheld_check_came_to(visibility, when, answer):
    seen = shown(judged(visibility, answer), when)
    assert [diagnosis.id for diagnosis in seen.diagnoses] == ["constant-factor"]
    assert seen == shown(judged(visibility, "met"), when)


@pytest.mark.parametrize("visibility", ["public", "after_due"])
def test_all_that_may_be_seen_is_explained_together(visibility):
    made = judged(visibility, "missed, by its sign")
    assert shown(made, "after_due").diagnoses == made.diagnoses
    assert "sign-flipped" in [diagnosis.id for diagnosis in made.diagnoses]


def test_a_result_that_was_not_made_for_students_tells_them_no_reason():
    made = replace(judged("hidden", "missed, by its sign"), for_students={})
    assert made.diagnoses
    assert shown(made, "public").diagnoses == ()
