"""What judging a check gives, before points: an outcome; and what is asked of the reference."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from grader.check.plotted import vectors
from grader.check.view import Absent
from grader.model.exercise import CallCheck, Exercise
from grader.model.expectation import Expectation
from grader.model.result import CheckStatus, Plotted, Shown, Tolerance, Worst
from grader.model.submission import Message
from grader.model.value import Value
from grader.numerics import FORMATS, Comparison, compare, shown

COARSE = "check.value.coarse"
Answers = Mapping[str, Expectation]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A `Finding` without the check's own facts (id, points, visibility, title)."""

    status: CheckStatus
    message: Message
    expected: Shown | None = None
    actual: Shown | None = None
    tolerance: Tolerance | None = None
    worst: Worst | None = None
    cell: int | None = None
    line: int | None = None
    plotted: Plotted | None = None

    @property
    def passed(self) -> bool:
        """Whether the check holds."""
        return self.status == "passed"


def passed(cell: int | None = None, line: int | None = None) -> Outcome:
    """The check holds."""
    return Outcome("passed", Message("check.passed"), cell=cell, line=line)


def failed(id: str, /, cell: int | None = None, **params: str | int | float) -> Outcome:
    """The check does not hold; `id` and `params` say why."""
    return Outcome("failed", Message(id, params), cell=cell)


def missing(id: str, /, cell: int | None = None, **params: str | int | float) -> Outcome:
    """There is nothing to judge; `id` and `params` say what was looked for."""
    return Outcome("missing", Message(id, params), cell=cell)


def absent(what: Absent) -> Outcome:
    """The outcome for something that is not there."""
    return Outcome(what.status, what.message, cell=what.cell, line=what.line)


def without_answer(expectation: Expectation | None) -> Outcome | None:
    """The outcome where the reference gave no value; None where it gave one.

    Silence and a reference that fails on inputs of our own are our fault. One that fails only on
    this run's values is the run's (see `check.judge`).
    """
    if expectation is None:
        return Outcome("error", Message("check.reference.absent"))
    if expectation.error is not None:
        why = expectation.error.split(":")[0][:40]
        if expectation.on_drawn:
            return Outcome("error", Message("check.reference.broken", {"why": why}))
        return Outcome("failed", Message("check.reference.failed", {"why": why}))
    if expectation.exact is None:
        return Outcome("error", Message("check.reference.absent"))
    return None


def equal(
    actual: Value, expectation: Expectation | None, dtype: str, what: str, cell: int | None
) -> Outcome:
    """Whether `actual`, which the student knows as `what`, is what the reference says."""
    silent = without_answer(expectation)
    if silent is not None or expectation is None or expectation.exact is None:
        return replace(silent or Outcome("error", Message("check.reference.absent")), cell=cell)
    comparison = compare(actual, expectation, dtype)
    status, message = _verdict(comparison, actual, expectation.exact, what)
    return Outcome(
        status,
        message,
        expected=shown(expectation.exact),
        actual=shown(actual),
        tolerance=comparison.tolerance,
        worst=comparison.worst,
        cell=cell,
        plotted=None if status == "passed" else vectors(expectation.exact, actual),
    )


def _verdict(
    comparison: Comparison, actual: Value, exact: Value, what: str
) -> tuple[CheckStatus, Message]:
    match comparison.verdict:
        case "equal":
            return "passed", Message("check.passed")
        case "undecidable":
            dtype = comparison.tolerance.dtype if comparison.tolerance else str(actual.dtype)
            return "undecidable", Message("check.undecidable", {"value": what, "dtype": dtype})
        case "shape":
            shapes = {"actual": shape(actual.shape), "expected": shape(exact.shape)}
            return "failed", Message("check.value.shape", {"value": what, **shapes})
        case "kind":
            return "failed", Message("check.value.kind", {"value": what, "kind": actual.kind})
        case _:
            id = "check.value.not_finite" if _breaks(actual, exact) else "check.value.differs"
            return "failed", Message(id, {"value": what})


def _breaks(actual: Value, exact: Value) -> bool:
    """Whether the answer has NaN or inf where a finite number is expected."""
    if actual.data is None or exact.data is None or actual.data.shape != exact.data.shape:
        return False
    return bool(np.any(~np.isfinite(actual.data) & np.isfinite(exact.data)))


def shape(sizes: tuple[int, ...]) -> str:
    """A shape as PyTorch's users write it: `()`, `(3,)`, `(2, 3)`."""
    return str(tuple(sizes))


def fitted(actual: Value, expected: tuple[int, ...]) -> Value:
    """`actual` in the expected shape where only its container lost axes of size one.

    A Python number, a list or a NumPy array cannot always keep them; a tensor can.
    """
    if actual.kind == "tensor" or actual.data is None or actual.shape == expected:
        return actual
    if math.prod(expected) != actual.data.size:
        return actual
    if tuple(n for n in expected if n != 1) != tuple(n for n in actual.shape if n != 1):
        return actual
    return replace(actual, shape=expected, data=actual.data.reshape(expected))


def coarse(exercise: Exercise, outcome: Outcome) -> Outcome:
    """An undecidable outcome, said to be the student's own doing where they chose the dtype.

    It earns nothing until a person decides, but its points stay in the reckoning: else whoever
    lacks an answer could take its points out by rounding to a dtype that tells nothing.
    """
    if outcome.status != "undecidable" or outcome.tolerance is None:
        return outcome
    draws = [*(exercise.vary.names.values() if exercise.vary else ())]
    for check in exercise.checks:
        if isinstance(check, CallCheck):
            draws += [draw for case in check.inputs for draw in case.values()]
    floats = [draw.dtype for draw in draws if draw.dtype in FORMATS]
    given = min(floats, key=lambda dtype: FORMATS[dtype].bits, default="float32")
    own = outcome.tolerance.dtype
    if FORMATS[own].bits >= FORMATS[given].bits:
        return outcome
    params = {"dtype": own, "given": given}
    return replace(outcome, message=Message(COARSE, params))
