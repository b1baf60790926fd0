"""A value in the student's namespace after a cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grader.check.held import ask, hold
from grader.check.outcome import (
    Answers,
    Outcome,
    absent,
    equal,
    failed,
    fitted,
    missing,
    passed,
    shape,
)
from grader.check.passes import stem
from grader.check.roles import Question, bind, of_events, origin
from grader.check.view import Absent, Found, View, unusable
from grader.model.exercise import TensorCheck
from grader.model.expectation import Expectation, Request
from grader.model.value import Value, array
from grader.numerics import shown, working_dtype


def requests(view: View, check: TensorCheck) -> tuple[Request, ...]:
    """One run of the reference, where there is a value to hold against it."""
    found = view.find(check.value, check.cell)
    if check.expect is None or isinstance(found, Absent) or unusable(check.value, found):
        return ()
    return ask(view, check, _question(view, check, check.expect, found.value))


def _question(view: View, check: TensorCheck, function: str, actual: Value) -> Question:
    bound = bind(view, check, function, origin(view, check, function, actual))
    return Question("value", function, bound, actual, check.value, loose=check.shape is None)


def judge(view: View, check: TensorCheck, answers: Answers) -> Outcome:
    """The value first, then the attributes."""
    found = view.find(check.value, check.cell)
    if isinstance(found, Absent):
        return absent(found)
    if check.none is not None:
        return _none(check, found)
    what = unusable(check.value, found)
    if what is not None and found.value.kind in ("none", "opaque"):
        return absent(what)
    outcome = _value(view, check, found, answers)
    wrong = _attributes(check, found.value) if outcome.passed else None
    if wrong is not None:
        outcome = replace(wrong, actual=shown(found.value))
    stopped = None if outcome.passed else view.left_over(check.value, check.cell, found)
    return replace(outcome, cell=found.cell) if stopped is None else absent(stopped)


def _none(check: TensorCheck, found: Found) -> Outcome:
    is_none = found.value.kind == "none"
    if is_none == check.none:
        return passed(found.cell)
    if check.none:
        return failed("check.tensor.must_be_none", found.cell, value=check.value)
    return missing("check.value.none", found.cell, value=check.value)


def _value(view: View, check: TensorCheck, found: Found, answers: Answers) -> Outcome:
    if check.expect is None and check.equals is None:
        return passed(found.cell)
    what = unusable(check.value, found)
    if what is not None:
        return absent(what)
    if check.expect is not None:
        question = _question(view, check, check.expect, found.value)
        outcome = hold(view, check, answers, question, found.cell)
        typed_in = outcome.passed and _constant(view, check, check.expect, found.value)
        return failed("check.vary.differs", found.cell, value=check.value) if typed_in else outcome
    expectation = literal(check.equals)
    actual = found.value
    if check.shape is None and expectation.exact is not None:
        actual = fitted(actual, expectation.exact.shape)
    return equal(actual, expectation, _precision(actual), check.value, found.cell)


def _constant(view: View, check: TensorCheck, function: str, actual: Value) -> bool:
    """Whether a value stayed as it was in the sealed run, and no pass produced it.

    Where roles come from passes over leaves of the student's own, constants could otherwise be
    held against a leaf that was made to fit them.
    """
    if view.original is None or not of_events(view, check, function):
        return False
    before = view.original.find(check.value, check.cell)
    if isinstance(before, Absent) or before.value.data is None or actual.data is None:
        return False
    same = np.array_equal(np.ravel(before.value.data), np.ravel(actual.data))
    return same and origin(view, check, function, actual) is None


def _precision(actual: Value) -> str:
    """The working precision of an answer with no roles beside it.

    A Python number that float32 holds exactly may be a float32 result's `.item()`.
    """
    if actual.kind in ("number", "list") and actual.data is not None:
        with np.errstate(over="ignore"):
            if actual.data.dtype.kind == "f" and np.array_equal(
                actual.data.astype(np.float32), actual.data, equal_nan=True
            ):
                return "float32"
    return working_dtype([actual])


def literal(equals: object) -> Expectation:
    """An author's literal as an answer that has no rounding of its own."""
    value = array(np.asarray(equals, np.float64))
    return Expectation("", value, value, np.zeros(value.shape))


def _attributes(check: TensorCheck, value: Value) -> Outcome | None:
    """The first attribute that is not as it should be."""
    what = check.value
    if check.shape is not None and value.shape != tuple(check.shape):
        actual, expected = shape(value.shape), shape(check.shape)
        return failed("check.value.shape", value=what, actual=actual, expected=expected)
    if check.dtype and value.dtype not in check.dtype:
        expected = ", ".join(check.dtype)
        return failed("check.tensor.dtype", value=what, actual=str(value.dtype), expected=expected)
    asked = (check.requires_grad, check.leaf, check.grad_fn, check.in_place)
    if value.kind != "tensor" and any(item is not None for item in asked):
        return failed("check.tensor.not_a_tensor", value=what, kind=value.kind)
    for wanted, is_so, id in (
        (check.requires_grad, value.requires_grad, "require_grad"),
        (check.leaf, value.leaf, "be_leaf"),
        (check.in_place, value.version > 0, "be_in_place"),
    ):
        if wanted is not None and wanted != is_so:
            return failed(f"check.tensor.must_{'' if wanted else 'not_'}{id}", value=what)
    if check.grad_fn is not None and _node(value.grad_fn or "") != _node(check.grad_fn):
        actual = value.grad_fn or "None"
        return failed("check.tensor.grad_fn", value=what, actual=actual, expected=check.grad_fn)
    return None


def _node(name: str) -> str:
    """The operation of a node's class name: `Mul` of `MulBackward0`."""
    return stem(name).removesuffix("Backward")
