"""Holds an observed value against the reference's answer, in the sealed run or in a variation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grader.check.draws import rounded
from grader.check.outcome import Answers, Outcome, absent, equal, failed, fitted
from grader.check.roles import Bound, Question, before_varying, dtype_of, key, request, varied_roles
from grader.check.view import View
from grader.model.exercise import CheckBase
from grader.model.expectation import Expectation, Request
from grader.model.value import FLOATS, Value
from grader.numerics import ulp


def ask(view: View, check: CheckBase, question: Question) -> tuple[Request, ...]:
    """The request, unless a role that the function is known to need is absent."""
    if question.bound.absent and question.function in view.exercise.functions:
        return ()
    return (request(view, check, question),)


def hold(
    view: View, check: CheckBase, answers: Answers, question: Question, cell: int | None
) -> Outcome:
    """Whether what was asked about is what the reference says."""
    answer = answers.get(key(view, check, question.part))
    bound, actual = question.bound, question.actual
    if bound.absent and (answer is None or answer.error is not None):
        return replace(absent(next(iter(bound.absent.values()))), cell=cell)
    if answer is not None and answer.exact is not None and question.loose:
        actual = fitted(actual, answer.exact.shape)
    if answer is not None and question.before is not None:
        answer = _widened(answer, actual, question.before)
    outcome = equal(actual, answer, dtype_of(question), question.what, cell)
    stray = _stray(view, check, bound) if outcome.passed else None
    return outcome if stray is None else failed("check.vary.rebound", cell, name=stray)


def _widened(answer: Expectation, actual: Value, before: Value) -> Expectation:
    """The answer with the rounding of `before + gradient` counted as spread."""
    if answer.spread is None or actual.data is None or before.data is None:
        return answer
    if not answer.spread.shape == actual.data.shape == before.data.shape:
        return answer
    if not actual.floating:
        return answer
    size = np.abs(before.data) + np.abs(actual.data)
    rounding = ulp(str(actual.dtype), np.where(np.isfinite(size), size, 0.0))
    return replace(answer, spread=np.asarray(answer.spread + rounding, np.float64))


def _stray(view: View, check: CheckBase, bound: Bound) -> str | None:
    """The name that does not follow the injected inputs in a variation; None where all do.

    The expected value is computed from what the run itself holds, so a student who replaces the
    inputs could otherwise have constants checked against constants. Two rules forbid that: a role
    that is a varied name holds the injected values, at whatever moment it is read (an author
    whose exercise updates the name binds the role to the locked cell); and some role differs from
    what it was in the sealed run, so that a constant cannot be right both times.
    """
    if not view.injected:
        return None
    varied = varied_roles(view, check)
    for role, value in bound.values.items():
        if role in varied and not _same(value, view.injected.get(varied[role])):
            return varied[role]
    followed = any(
        role in varied or _moved(view, check, role, value) for role, value in bound.values.items()
    )
    return None if followed else ", ".join(view.injected)


def _moved(view: View, check: CheckBase, role: str, value: Value | None) -> bool:
    """Whether a role has a value that it had nowhere in the sealed run."""
    if value is None or value.data is None:
        return False
    return not any(_same(value, before) for before in before_varying(view, check, role))


def _same(value: Value | None, other: Value | None) -> bool:
    """Whether the numbers are the same, in whatever shape, `other` in the dtype of `value`."""
    if value is None or other is None or value.data is None or other.data is None:
        return False
    numbers = other.data.ravel()
    if value.dtype in FLOATS and numbers.dtype.kind == "f":
        numbers = rounded(numbers.astype(np.float64), value.dtype)
    return np.array_equal(value.data.ravel(), numbers, equal_nan=numbers.dtype.kind in "fc")
