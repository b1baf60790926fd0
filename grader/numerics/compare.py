"""Is an observed value the expected one, up to what rounding explains on this very problem?

`docs/numerics.md` derives the rule and says where the constants come from.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from grader.errors import InternalError
from grader.model.expectation import Expectation
from grader.model.result import Shown, Tolerance, Worst
from grader.model.value import Value
from grader.numerics.precision import Floats, real_dtype, ulp
from grader.numerics.rounding import OPEN, WRONG, Array, Judged, judge

Verdict = Literal["equal", "different", "undecidable", "shape", "kind"]
SHOWN_ELEMENTS = 64
REMEMBERED_ELEMENTS = 64  # 2 kB at most for each comparison that is remembered
FINE = ("float32", "float64")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found.

    Attributes:
        verdict: `equal`; `different`: rounding does not explain it; `undecidable`: in this dtype a
            right answer cannot be told from one that is wrong by a hundredth; `shape`; `kind`: no
            number was observed.
        tolerance, worst: at the element that is farthest off, measured in its own tolerance (an
            element that decided the verdict comes first). None for `shape`, `kind` and no elements.
        different, undecidable: how many elements are.
        elements: how many there are in all.
        ratio: the one factor by which every expected element was multiplied, where there is one
            (and the verdict is not `equal`): 2.0 for a gradient accumulated twice, -1.0 for a sign.
        overlap: for `undecidable`: the radius of right answers at that element, in multiples of the
            largest at which they stay apart from answers that are wrong by a hundredth. More than
            1: the two zones overlap. inf for an element that is exactly 0 or has no finite radius.
    """

    verdict: Verdict
    tolerance: Tolerance | None = None
    worst: Worst | None = None
    different: int = 0
    undecidable: int = 0
    elements: int = 0
    ratio: float | None = None
    overlap: float | None = None


def compare(actual: Value, expectation: Expectation, dtype: str) -> Comparison:
    """Compare an observed value with an answered expectation; `dtype`: the working precision.

    The expectation is always the scale. Shapes must be the same: a difference that would broadcast
    is still `shape`. Integers and bools are compared exactly and by value; `actual` may be of any
    numeric dtype.

    Raises:
        InternalError: the expectation has no numeric answer (`error` is the caller's to handle).
    """
    exact = expectation.exact
    if exact is None or exact.data is None:
        raise InternalError(f"expectation {expectation.key!r} has no answer to compare with")
    if actual.data is None or actual.data.dtype.kind not in "fciub":
        return Comparison("kind")
    if actual.data.shape != exact.data.shape:
        return Comparison("shape", elements=int(actual.data.size))
    if not exact.data.size:
        return Comparison("equal")
    if exact.data.dtype.kind in "iub":
        return _exactly(actual.data, exact.data, dtype)
    own = expectation.own
    own_data = own.data if own is not None and own.data is not None else exact.data
    if own_data.shape != exact.data.shape:  # a branch was taken otherwise in the student's dtype
        own_data = np.full(exact.data.shape, np.nan)
    spread = expectation.spread
    if spread is None or spread.shape != exact.data.shape:
        spread = np.full(exact.data.shape, np.inf)  # whoever needs it cannot be sure
    terms = max(expectation.terms, exact.data.size)
    found = _closely(actual.data, exact.data, own_data, spread, real_dtype(dtype), terms)
    limits = expectation.limits
    if found.verdict == "equal" or limits is None or limits.shape[1:] != exact.data.shape:
        return found
    return _at_a_kink(actual.data, exact.data, own_data, spread, limits, real_dtype(dtype), terms)


def decided(actual: Value, exact: npt.NDArray[Any], own: npt.NDArray[Any], dtype: str) -> bool:
    """Whether `compare` says the same of `actual` whatever the spread is.

    It does where there are no numbers, or not as many as expected; and in float32 and float64 where
    every element is that of `own`, or the number nearest to `exact`: a wrong answer is so by chance
    once in 10⁵ times. `exact` (float64 or complex128) and `own` (the same in `dtype`) are the
    reference's.
    """
    seen = actual.data
    if seen is None or seen.dtype.kind not in "fciub" or seen.size != exact.size or not seen.size:
        return True
    if real_dtype(dtype) not in FINE or own.shape != exact.shape:
        return False
    seen, right, same = seen.ravel(), exact.ravel(), own.ravel()
    if not (np.isfinite(right).all() and np.isfinite(same).all() and np.isfinite(seen).all()):
        return False
    size = np.abs(right)
    unit = np.maximum(ulp(dtype, right), ulp(dtype, same))
    distance = np.abs(seen - right)
    near = (unit < 1e-5 * size) & ((seen == same) | (distance <= unit / 2))
    return bool(np.all(near | ((right == 0) & (seen == 0))))


def shown(value: Value) -> Shown:
    """The value as a report shows it: at most 64 elements, NaN and infinities as text."""
    data = value.data
    if data is None:
        text = () if value.text is None else (value.text,)
        return Shown(value.kind, value.dtype, value.shape, text, 0)
    first = data.ravel()[:SHOWN_ELEMENTS]
    plain = first.dtype.kind in "fiub" and bool(np.isfinite(first).all())
    items = first.tolist()
    values = tuple(items if plain else (_shown_element(item) for item in items))
    return Shown(value.kind, value.dtype, data.shape, values, int(data.size))


def _shown_float(item: float) -> float | str:
    return item if math.isfinite(item) else str(item)


def _shown_element(
    item: complex,
) -> float | int | bool | str | tuple[float | str, float | str]:
    if isinstance(item, complex):
        return _shown_float(item.real), _shown_float(item.imag)
    return item if isinstance(item, (bool, int)) else _shown_float(item)


def _exactly(
    actual: npt.NDArray[np.generic], exact: npt.NDArray[np.generic], dtype: str
) -> Comparison:
    """Integers and bools: the same number or not, without a detour over float64."""
    pairs = zip(actual.ravel().tolist(), exact.ravel().tolist(), strict=True)
    wrong = np.array([a != b for a, b in pairs], dtype=bool)
    tolerance = Tolerance(0.0, 0.0, "exact", 0.0, 0.0, 0.0, dtype)
    count = int(wrong.sum())
    if not count:
        return Comparison("equal", tolerance, None, elements=wrong.size)
    worst = Worst(_index(int(np.argmax(wrong)), exact.shape), None)
    return Comparison("different", tolerance, worst, count, 0, wrong.size)


def _closely(  # noqa: PLR0917
    actual: npt.NDArray[np.generic],
    exact: npt.NDArray[np.generic],
    own: npt.NDArray[np.generic],
    spread: Floats,
    dtype: str,
    terms: int,
) -> Comparison:
    shape = exact.shape
    kind = np.complex128 if "c" in actual.dtype.kind + exact.dtype.kind else np.float64
    seen, right, same = (part.ravel().astype(kind) for part in (actual, exact, own))
    if exact.size > REMEMBERED_ELEMENTS:
        return _judged(shape, dtype, terms, seen, right, same, spread.ravel())
    small = (part.tobytes() for part in (seen, right, same, spread.astype(np.float64)))
    return _remembered(shape, dtype, terms, kind, *small)


@lru_cache(maxsize=2048)
def _remembered(
    shape: tuple[int, ...], dtype: str, terms: int, kind: type[np.generic], *parts: bytes
) -> Comparison:
    """Students answer alike: what was once compared is not compared again."""
    seen, right, same = (np.frombuffer(part, kind) for part in parts[:3])
    spread: Floats = np.frombuffer(parts[3], np.float64)
    return _judged(shape, dtype, terms, seen, right, same, spread)


def _judged(  # noqa: PLR0917
    shape: tuple[int, ...],
    dtype: str,
    terms: int,
    seen: Array,
    right: Array,
    same: Array,
    spread: Floats,
) -> Comparison:
    judged = judge(seen, right, same, spread, dtype, terms)
    different = int((judged.verdict == WRONG).sum())
    undecidable = int((judged.verdict == OPEN).sum())
    verdict: Verdict = "different" if different else "undecidable" if undecidable else "equal"
    tolerance, worst = _worst(judged, shape, dtype)
    ratio = None if verdict == "equal" else _ratio(seen, right, judged)
    return Comparison(
        verdict=verdict,
        tolerance=tolerance,
        worst=worst,
        different=different,
        undecidable=undecidable,
        elements=judged.verdict.size,
        ratio=ratio,
        overlap=_overlap(judged) if verdict == "undecidable" else None,
    )


def _at_a_kink(  # noqa: PLR0917
    actual: npt.NDArray[np.generic],
    exact: npt.NDArray[np.generic],
    own: npt.NDArray[np.generic],
    spread: Floats,
    limits: Floats,
    dtype: str,
    terms: int,
) -> Comparison:
    """Right is each of the sides and the middle of any two; what else lies between them is open.

    The middle is what PyTorch gives at a tie. Where the sides differ, neither `own` nor the spread
    says anything, for they may be of another side.
    """
    sides = [exact.astype(np.float64), *limits]
    low, high = np.min(sides, axis=0), np.max(sides, axis=0)
    torn = low < high
    still = np.where(torn, 0.0, spread)

    def against(right: npt.NDArray[np.generic]) -> Comparison:
        return _closely(actual, right, np.where(torn, right, own), still, dtype, terms)

    for one, two in itertools.combinations_with_replacement(sides, 2):
        found = against((one + two) / 2)
        if found.verdict == "equal":
            return found
    nearest = against(np.clip(np.where(np.isnan(actual), low, actual.real), low, high))
    return replace(nearest, verdict="undecidable") if nearest.verdict == "equal" else nearest


def _index(flat: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(flat, shape))


def _worst(judged: Judged, shape: tuple[int, ...], dtype: str) -> tuple[Tolerance, Worst]:
    with np.errstate(all="ignore"):
        excess = np.where(judged.distance == 0, 0.0, judged.distance / judged.radius)
    excess = np.where(np.isnan(excess), np.inf, excess)
    at = int(np.lexsort((excess, judged.verdict))[-1])  # what decided the verdict comes first
    size = float(judged.size[at])
    absolute = float(judged.accepted[at])
    tolerance = Tolerance(
        absolute=absolute,
        relative=absolute / size if size and np.isfinite(size) else None,
        mode="normwise" if judged.normwise[at] else "elementwise",
        floor=float(judged.floor[at]),
        gap=float(judged.gap[at]),
        spread=float(judged.spread[at]),
        dtype=dtype,
    )
    distance = float(judged.distance[at]) / float(judged.unit[at])
    return tolerance, Worst(_index(at, shape), distance if np.isfinite(distance) else None)


def _overlap(judged: Judged) -> float:
    """How far the two zones run into each other, where that is least so."""
    open_ = judged.verdict == OPEN
    radius, cap = judged.radius[open_], judged.cap[open_]
    apart = (cap > 0) & np.isfinite(radius)
    with np.errstate(all="ignore"):
        return float(np.min(np.where(apart, radius / cap, np.inf)))


def _ratio(actual: Array, exact: Array, judged: Judged) -> float | None:
    """The common factor of all elements, judged with the tolerance of the elements themselves."""
    if not (np.isfinite(actual).all() and np.isfinite(exact).all() and actual.dtype.kind == "f"):
        return None
    top = int(np.argmax(np.abs(exact)))
    if not exact[top]:
        return None
    factor = float(actual[top] / exact[top])
    if round(factor, 3) == 1:
        return None
    slack = judged.radius * (1 + abs(factor)) + abs(factor) * 1e-3 * np.abs(exact)
    return factor if bool(np.all(np.abs(actual - factor * exact) <= slack)) else None
