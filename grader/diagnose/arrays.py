"""Numbers as matchers compare them: float64 arrays, the same but for rounding."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from grader.model.value import Value

Array = npt.NDArray[np.float64]

MOST = 4096
NEAR = 3e-4
_FEW = 12  # elements for which a loop is quicker than NumPy


def alike(one: Array | None, other: Array | None) -> bool:
    """Whether two arrays of one shape hold the same numbers but for rounding."""
    if one is None or other is None or one.shape != other.shape:
        return False
    if one.size <= _FEW:  # what is tried most often, at a third of the time
        return _few_alike(one.ravel().tolist(), other.ravel().tolist())
    finite = np.isfinite(one)
    if finite.all():
        return _near(one, other)
    if not np.array_equal(finite, np.isfinite(other)):
        return False
    if not np.array_equal(one[~finite], other[~finite], equal_nan=True):
        return False
    return not finite.any() or _near(one[finite], other[finite])


def _few_alike(ones: list[float], others: list[float]) -> bool:
    """`alike` for the elements of small arrays."""
    pairs: list[tuple[float, float]] = []
    for one, other in zip(ones, others, strict=True):
        if math.isfinite(one) and math.isfinite(other):
            pairs.append((one, other))
        elif one != other and not (math.isnan(one) and math.isnan(other)):
            return False
    largest = max((max(abs(one), abs(other)) for one, other in pairs), default=0.0)
    added = 1e-6 * min(largest, 1e6) + 1e-12
    return all(abs(one - other) <= NEAR * max(abs(one), abs(other)) + added for one, other in pairs)


def _near(first: Array, second: Array) -> bool:
    """Whether finite numbers are the same but for rounding; never where others are not finite."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(first), np.abs(second))
        largest = float(size.max())
        limit = NEAR * size + (1e-6 * min(largest, 1e6) + 1e-12)
        return np.isfinite(largest) and bool((np.abs(first - second) <= limit).all())


def array(value: Value | None) -> Array | None:
    """An observed real value as float64; None where there are no numbers or too many."""
    if value is None or value.data is None or value.data.dtype.kind not in "fiub":
        return None
    if value.data.size > MOST or value.data.shape != value.shape:
        return None
    return np.asarray(value.data, np.float64)


def short(values: Array) -> str:
    """Numbers as a short line: `[1, 0.5, 2]`, a single one without brackets."""
    if values.ndim == 0:
        return f"{float(values):.6g}"
    listed = [f"{item:.4g}" for item in values.ravel()[:6]]
    return f"[{', '.join(listed)}{', …' if values.size > 6 else ''}]"


def fitted(actual: Array, wanted: Array) -> Array:
    """The same numbers in the wanted shape where only axes of size one differ."""
    plain = tuple(size for size in actual.shape if size != 1)
    if plain == tuple(size for size in wanted.shape if size != 1):
        return actual.reshape(wanted.shape)
    return actual


def total(parts: Sequence[Array]) -> Array:
    """Parts of one shape, added up."""
    return np.asarray(np.sum(np.stack(list(parts)), axis=0), np.float64)
