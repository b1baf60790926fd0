"""What the reference is asked, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from grader.model.value import Value


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One run of a reference function on values that a student's run had.

    Attributes:
        key: unique among the requests of one grading; the answer comes back under it.
        function: name in the exercise's `reference.py`.
        roles: parameter → value; None for an optional role that found nothing.
        dtype: the precision in which the student worked (the lowest of the values involved).
        drawn: whether the grader drew all of these values, so that no submission could spoil them.
        actual: what will be held against the answer, where that is known: the spread is not worked
            out where it could not change the verdict.
    """

    key: str
    exercise: str
    function: str
    roles: Mapping[str, Value | None]
    dtype: str
    drawn: bool = False
    actual: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """A reference function's answer.

    Attributes:
        exact: the result in float64 (complex128) from the very same inputs.
        own: the result of the same function computed in the student's dtype; what rounding does.
        spread: per element, how far the result moves when the inputs move by one ULP of the
            student's dtype, and what the reference's own route loses to rounding at points so near;
            shape of `exact`, float64. inf where such a move makes the result non-finite or of
            another shape, or the function fail. None where `Request.actual` is decided without it.
        limits: what else is right, in float64 of shape (k, *exact.shape): at a kink or a tie, the
            values that the function has on its other sides. None nearly always.
        terms: how many floating numbers the function was given: so many may a route add up.
        error: why there is no answer: `timeout`, `memory`, `raised: …`; then the rest is None.
        digest: of what was asked and of what answered: the same digest is the same answer.
        on_drawn: for an answer with `error`: whether the function failed on inputs that the grader
            itself had drawn, which makes it the author's fault and not the submission's.
    """

    key: str
    exact: Value | None = None
    own: Value | None = None
    spread: npt.NDArray[np.float64] | None = field(default=None, repr=False)
    limits: npt.NDArray[np.float64] | None = field(default=None, repr=False)
    terms: int = 1
    error: str | None = None
    digest: str = ""
    on_drawn: bool = False
