"""Both sides of a comparison, thinned out for a picture. A picture decides nothing."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from grader.model.result import Plotted
from grader.model.value import Value

PLACES = 80
SHORT = 18  # elements up to which a picture can show each by itself
_DIGITS = 5


def vectors(expected: Value, actual: Value) -> Plotted | None:
    """Two long vectors of one length over their indices; None for anything else."""
    if len(expected.shape) != 1 or expected.shape[0] <= SHORT:
        return None
    return paired(np.arange(expected.shape[0], dtype=np.float64), expected, actual)


def paired(x: npt.NDArray[np.float64], expected: Value, actual: Value) -> Plotted | None:
    """Two vectors over `x`, evenly thinned out; None where they are not real numbers, as many."""
    if expected.data is None or actual.data is None:
        return None
    both = expected.data.ravel(), actual.data.ravel()
    if not (x.size == both[0].size == both[1].size and x.size):
        return None
    if any(one.dtype.kind not in "fiub" for one in both):
        return None
    chosen = np.unique(np.linspace(0, x.size - 1, min(x.size, PLACES)).astype(np.int64))
    return Plotted(_plain(x[chosen]), _plain(both[0][chosen]), _plain(both[1][chosen]))


def distance(plotted: Plotted) -> float:
    """The mean size of the difference where both are numbers; inf where nowhere."""
    pairs = zip(plotted.expected, plotted.actual, strict=True)
    sizes = [abs(a - b) for a, b in pairs if a is not None and b is not None]
    return sum(sizes) / len(sizes) if sizes else math.inf


def _plain(values: npt.NDArray[np.generic]) -> tuple[float | None, ...]:
    numbers = values.astype(np.float64).tolist()
    return tuple(float(f"{n:.{_DIGITS}g}") if math.isfinite(n) else None for n in numbers)
