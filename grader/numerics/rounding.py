"""What rounding explains, element by element. All arrays here are flat and of one length.

A right answer's distance from the exact one is at most a *radius*. An answer that is wrong by a
hundredth lies at least a hundredth minus that radius away. Where the two zones do not meet, the
radius decides; where they do, the element is open, unless finer evidence closes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from grader.numerics.precision import FORMATS, Floats, spacing, ulp

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

EQUAL, OPEN, WRONG = 0, 1, 2

MISTAKE = 0.01  # the smallest mistake that must never be accepted, relative
FLOOR = {  # ULP that any right answer may be off; the bulk tests are the judge
    "float64": 64.0,
    "float32": 32.0,
    "float16": 4.0,
    "bfloat16": 4.0,
    "float8_e4m3fn": 4.0,
    "float8_e5m2": 4.0,
}
GAP = 4.0  # multiples of |own - exact|
SPREAD = dict.fromkeys(FORMATS, 4.0) | {"float64": 32.0}  # of the change when inputs move an ULP
CANCELLED = 0.005  # rounding noise of this share of an element makes it meaningless by itself
NORM_ULP = 256.0  # … it may then be off by so many ULP of the largest element at most
LOST = 64.0  # multiples of the radius where noise drowns a number that has no larger neighbour
DOUBT = 3.0  # multiples of the radius: a route may round worse than all of this foresees
COARSE_BITS = 11  # dtypes of so few bits need finer evidence
WITNESSES = 3  # fewer elements say little of how often a route rounds
NOISE = 2.0**-60  # of the largest element: smaller noise comes from subnormal inputs


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Per element: verdict, |expected|, |actual - expected|, and what the tolerance was made of.

    `radius` is what rounding explains; `accepted` the distance up to which it was accepted; `cap`
    the largest radius that keeps right answers apart from those that are wrong by a hundredth.
    """

    verdict: npt.NDArray[np.int8]
    size: Floats
    distance: Floats
    radius: Floats
    accepted: Floats
    cap: Floats
    unit: Floats
    floor: Floats
    gap: Floats
    spread: Floats
    normwise: Flags


def judge(  # noqa: PLR0917
    actual: Array, exact: Array, own: Array, spread: Floats, dtype: str, terms: int
) -> Judged:
    """Judge every element; arrays of float64 or complex128, `dtype` a real floating dtype.

    `terms`: how many numbers a route may have added up.
    """
    with np.errstate(all="ignore"):
        return _judge(actual, exact, own, spread, dtype, terms)


def _judge(  # noqa: PLR0917
    actual: Array, exact: Array, own: Array, spread: Floats, dtype: str, terms: int
) -> Judged:
    finite = np.isfinite(exact)
    own_finite = np.isfinite(own) & finite
    size = np.where(finite, np.abs(exact), 0.0)
    unit = np.maximum(ulp(dtype, size), ulp(dtype, np.where(own_finite, np.abs(own), 0.0)))
    gap = np.where(own_finite, np.abs(np.where(own_finite, own - exact, 0)), 0.0)
    spread = np.where(np.isnan(spread), np.inf, spread)
    distance = np.abs(np.where(finite & np.isfinite(actual), actual - exact, np.inf))
    distance = np.where(actual == exact, 0.0, distance)

    floor = FLOOR[dtype] * unit
    gaps, moves = GAP * gap, SPREAD[dtype] * spread
    radius = np.maximum(floor, np.maximum(gaps, moves))
    norm = float(size.max(initial=0.0))
    noise = np.maximum(gap, spread)
    cancelled = (noise >= CANCELLED * size) & (noise >= NOISE * norm) & (noise > 0)
    norm_unit = spacing(dtype, norm)
    radius = np.where(cancelled, np.maximum(radius, FLOOR[dtype] * norm_unit), radius)
    cap = _cap(size, dtype)
    decided = radius <= cap
    # In a fine dtype an element is also small beside the largest where its noise exceeds the cap.
    fine = FORMATS[dtype].bits > COARSE_BITS
    blurred = cancelled | (fine & (np.maximum(gaps, moves) > cap) & (noise >= NOISE * norm))
    largest_decided = bool(np.all(decided[size == norm]))
    normwise = (
        ~decided
        & blurred
        & largest_decided
        & (radius <= min(_cap_of(norm, dtype), NORM_ULP * norm_unit))
    )
    closed = decided | normwise
    doubt = _doubt(size, radius, cancelled & ~normwise, normwise, norm_unit, dtype)
    if not fine:  # … where a route through one sum of all terms may be so far off
        doubt = np.maximum(doubt, DOUBT * float(np.log2(terms)) * unit)
    near = distance <= doubt
    accepted = np.where(
        closed, radius, _finer(actual, exact, own, gap, spread, unit, distance, dtype)
    )
    verdict = np.where(distance <= accepted, EQUAL, np.where(near, OPEN, WRONG))
    verdict = _special(verdict, actual, exact, own, spread, dtype, terms)
    return Judged(
        verdict=verdict.astype(np.int8),
        size=size,
        distance=distance,
        radius=radius,
        accepted=np.maximum(accepted, 0.0),
        cap=cap,
        unit=unit,
        floor=floor,
        gap=gaps,
        spread=moves,
        normwise=normwise,
    )


def _doubt(  # noqa: PLR0917
    size: Floats, radius: Floats, lost: Flags, normwise: Flags, norm_unit: float, dtype: str
) -> Floats:
    """The distance beyond which an element is wrong; between the radius and it, it is open."""
    doubt = DOUBT * radius
    if FORMATS[dtype].bits > COARSE_BITS:  # … but a hundredth is always wrong where it can be told
        capped = np.maximum(radius, np.minimum(doubt, _cap(size, dtype)))
        doubt = np.where(normwise, doubt, capped)
    doubt = np.where(lost & (radius > size), LOST * radius, doubt)
    # an exact zero, or a number that falls below the dtype's range when divided by the norm
    doubt = np.where(size == 0, np.maximum(doubt, FLOOR[dtype] * norm_unit), doubt)
    underflow = 8 * spacing(dtype, 0.0) * float(np.sqrt(np.sum(size**2)))
    return np.asarray(np.maximum(doubt, underflow))


def _cap(size: Floats, dtype: str) -> Floats:
    """The largest radius at which right answers and answers wrong by a hundredth stay apart.

    A right answer is within R of E; 1.01 times it, rounded once more, is at least
    0.01 E - 1.01 R - ulp/2 away. The zones are disjoint if R < (0.01 E - ulp/2) / 2.01.
    """
    last_rounding = ulp(dtype, (1 + MISTAKE) * size) / 2
    return np.asarray((MISTAKE * size - last_rounding) / (2.0 + 2 * MISTAKE))


def _cap_of(size: float, dtype: str) -> float:
    """`_cap` of one number."""
    last_rounding = spacing(dtype, (1 + MISTAKE) * size) / 2
    return (MISTAKE * size - last_rounding) / (2.0 + 2 * MISTAKE)


def _finer(  # noqa: PLR0917
    actual: Array,
    exact: Array,
    own: Array,
    gap: Floats,
    spread: Floats,
    unit: Floats,
    distance: Floats,
    dtype: str,
) -> Floats:
    """Where the radius cannot decide: the distance to which an element is accepted, else -1."""
    fine = unit < 1e-5 * np.abs(exact)
    same = (actual == own) | (distance <= unit / 2)  # by chance: one in 1e5 at most
    lost = ~np.isfinite(spread) & (
        np.minimum(np.abs(actual - own), distance) <= FLOOR[dtype] * unit
    )
    accept = (distance == 0) & (exact == 0) | fine & (same | lost)
    if exact.dtype.kind == "f" and FORMATS[dtype].bits <= COARSE_BITS:
        accept |= _beyond_doubt(actual, exact, gap, spread, unit, distance, dtype)
    return np.where(accept, distance, -1.0)


def _beyond_doubt(  # noqa: PLR0917
    actual: Array,
    exact: Array,
    gap: Floats,
    spread: Floats,
    unit: Floats,
    distance: Floats,
    dtype: str,
) -> Flags:
    """In a coarse dtype: is rounding a likely explanation, and a mistake of a hundredth not one?

    `error` is how far right answers are likely to be off: nothing where the reference rounded
    nowhere in the tensor; half an ULP where it rounded at most once and every element is the
    number of the dtype nearest to the exact one, too; else half an ULP for every input and for the
    result, or twice the worst gap. One or two elements say little of the route: more is allowed
    for. The answer must be that near; and every number p of the dtype for which p times 1.01
    (0.99), or more (less), rounds to it must be farther than that from the exact result.
    """
    worst_gap = float(np.max(gap / unit, initial=0.0))
    few = exact.size < WITNESSES
    error = 1.5 * unit + spread if few else (unit + spread) / 2
    if worst_gap == 0:
        error = np.zeros_like(unit)
    elif worst_gap > 0.5:
        error = np.maximum(error, 2 * worst_gap * unit)
    elif not few and bool(np.all(distance <= unit / 2)):
        error = unit / 2
    sign = np.where(exact < 0, -1.0, 1.0)
    seen, size = sign * actual, np.abs(exact)
    spacing = ulp(dtype, seen)
    closer = ulp(dtype, seen - spacing / 4)  # below a power of two
    above = _grid((seen + spacing / 2) / (1 + MISTAKE), dtype, np.floor)
    below = _grid((seen - closer / 2) / (1 - MISTAKE), dtype, np.ceil)
    apart = np.minimum(size - above, below - size)
    return np.asarray(
        (size > 0) & np.isfinite(spread) & (distance <= error) & (apart > error), dtype=bool
    )


def _grid(value: Floats, dtype: str, to_integer: np.ufunc) -> Floats:
    spacing = ulp(dtype, value)
    return np.asarray(to_integer(value / spacing) * spacing, dtype=np.float64)


def _special(  # noqa: PLR0917
    verdict: Array,
    actual: Array,
    exact: Array,
    own: Array,
    spread: Floats,
    dtype: str,
    terms: int,
) -> Array:
    """NaN and infinities: by place and sign; open where the student's dtype alone made them."""
    special = ~np.isfinite(exact)
    if exact.dtype.kind == "c":
        if special.any():
            parts = [
                _judge(part(actual), part(exact), part(own), spread, dtype, terms).verdict
                for part in (np.real, np.imag)
            ]
            verdict = np.where(special, np.maximum(*parts), verdict)
    else:
        matches = (np.isnan(actual) & np.isnan(exact)) | (actual == exact)
        agrees = (np.isnan(own) & np.isnan(exact)) | (own == exact)
        expected = np.where(agrees, np.where(matches, EQUAL, WRONG), OPEN)
        verdict = np.where(special, expected, verdict)
    overflow = ~special & ~np.isfinite(own) & ~np.isfinite(actual)
    return np.where(overflow, OPEN, verdict)
