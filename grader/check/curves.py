"""Curves of a cell's figures as numbers, and where their values may have come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grader.check import passes
from grader.check.view import Seen, View
from grader.model.exercise import FigureCheck
from grader.model.observation import Axes
from grader.model.value import Value

Array = npt.NDArray[np.float64]

# What a picture shows is compared in float32: most curves come from it, and no eye sees more.
DTYPE = "float32"
_ROUNDING = 8 * 2.0**-23
_PAIRS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """One drawn curve, 1-d and observed, at the `cell` in which it was drawn."""

    cell: int
    x: Array
    y: Array
    value: Value
    x_value: Value


def pooled(view: View, check: FigureCheck) -> tuple[tuple[int, Axes], ...]:
    """All axes of all figures that count."""
    figures = view.figures(check.cell, check.own_names and view.own_names)
    return tuple((cell, axes) for cell, figure in figures for axes in figure.axes)


def drawn(view: View, check: FigureCheck) -> tuple[Drawn, ...]:
    """The curves that are looked at: different ones, the longest 32 of them, in their order.

    In a variation only those over injected values: a curve typed in does not follow the inputs.
    """
    found: list[Drawn] = []
    for cell, axes in pooled(view, check):
        for curve in axes.curves:
            x, y = _numbers(curve.x), _numbers(curve.y)
            if x is None or y is None or x.shape != y.shape or not x.size:
                continue
            if not any(np.array_equal(x, o.x) and np.array_equal(y, o.y) for o in found[-200:]):
                found.append(Drawn(cell, x, y, curve.y, curve.x))
    if view.injected:
        inputs = [n for n in (_numbers(v) for v in view.injected.values()) if n is not None]
        found = [one for one in found if any(alike(one.x, n) for n in inputs)]
    kept = sorted(range(len(found)), key=lambda i: -found[i].x.size)[: passes.CANDIDATES]
    return tuple(found[i] for i in sorted(kept))


def _numbers(value: Value) -> Array | None:
    if value.data is None or value.data.dtype.kind not in "fiub" or value.data.shape != value.shape:
        return None
    return np.asarray(value.data, np.float64).ravel()


def alike(first: Array, second: Array) -> bool:
    """Whether two arrays are the same to float32 rounding of their size; NaN is never alike."""
    if first.shape != second.shape:
        return False
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return False
    return bool(np.all(np.abs(first - second) <= _slack(second)))


def _slack(numbers: Array) -> float:
    """What float32 rounding may do to numbers of that size."""
    size = float(np.abs(numbers).max(initial=0.0))
    return _ROUNDING * max(size, float(np.finfo(np.float32).tiny))


def _float32_equal(first: Array, second: Array) -> npt.NDArray[np.bool_]:
    """Where the numbers are the same in float32.

    A plotted gradient is the very gradient; one that is only as near as another route to the same
    derivative comes was computed by that other route.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(first.astype(np.float32) == second.astype(np.float32))


def from_autograd(curve: Drawn, seen: Iterable[Seen]) -> bool:
    """Whether passes produced the curve's y, or what they produced cannot be known.

    At once: the gradient, or a whole multiple or part of it, as of a mean. Point by point: wherever
    a leaf had the curve's x, a gradient there must be the curve's y, and that for at least 20
    points (or all of fewer). So a curve may show a part of a gradient, or be put together from many
    passes, of which only the first are observed in detail. Of a pass with `is_grads_batched` the
    numbers cannot be read: over the curve's own x it is not denied that the curve came of it.
    """
    pairs: list[tuple[Array, Array]] = []
    for at, gradient in passes.produced(seen):
        given = _numbers(gradient)
        if given is None:
            if _batched(gradient) and _over(at, curve):
                return True
            continue
        if given.shape == curve.y.shape and _multiple(given, curve.y):
            return True
        leaf = _numbers(at) if at is not None else None
        if leaf is not None and leaf.size and not given.size % leaf.size:
            # A batch of passes gave a row for each, as the rows of a Jacobian.
            pairs.append((np.tile(leaf, given.size // leaf.size), given))
    if not pairs:
        return False
    where = np.concatenate([leaf for leaf, _ in pairs])
    given = np.concatenate([gradient for _, gradient in pairs])
    return _point_by_point(curve, where, given)


def _batched(gradient: Value) -> bool:
    return gradient.data is None and gradient.why == "failed:NotImplementedError"


def _over(leaf: Value | None, curve: Drawn) -> bool:
    numbers = None if leaf is None else _numbers(leaf)
    return numbers is not None and alike(numbers, curve.x)


def _multiple(given: Array, y: Array) -> bool:
    """Whether y is the gradient itself, it times a whole number, or it divided by one."""
    if _float32_equal(given, y).all():
        return True
    at = int(np.argmax(np.abs(y))) if y.size else 0
    if not y.size or not given[at] or not np.isfinite(given[at]) or not np.isfinite(y[at]):
        return False
    factor = float(y[at] / given[at])
    single = given.astype(np.float32)
    whole, part = np.rint(factor), np.rint(1 / factor) if factor else 0.0
    with np.errstate(all="ignore"):
        times = (single * np.float32(whole)).astype(np.float64) if whole else None
        over = (single / np.float32(part)).astype(np.float64) if part else None
    return any(made is not None and bool(_float32_equal(y, made).all()) for made in (times, over))


def _point_by_point(curve: Drawn, where: Array, given: Array) -> bool:
    """Whether the curve's points are pairs of `where` and `given`, as far as `where` tells.

    A pass at one of the curve's x whose gradient is another's (of another function, in a notebook
    that uses the same x twice) does not count, and does no harm. Where all are zero nothing is
    told: so is all but one element of a row of a Jacobian.
    """
    order = np.argsort(where)
    where, given = where[order], given[order]
    slack = _slack(curve.x)
    first = np.searchsorted(where, curve.x - slack, "left")
    last = np.searchsorted(where, curve.x + slack, "right")
    told = [
        (y, low, high)
        for y, low, high in zip(curve.y, first, last, strict=True)
        if low < high and (y == 0 or given[low:high].any())
    ]
    return len(told) >= min(_PAIRS, curve.x.size) and all(
        _float32_equal(given[low:high], np.full(high - low, y)).any() for y, low, high in told
    )


def match(
    fits: Sequence[Sequence[int]], same_x: Mapping[tuple[int, int], bool] | None
) -> tuple[int, ...] | None:
    """A different candidate for each wanted curve; with `same_x` all over the same x.

    `fits[i]` are the candidates that wanted curve i accepts.
    """

    def extend(taken: tuple[int, ...]) -> tuple[int, ...] | None:
        if len(taken) == len(fits):
            return taken
        for candidate in fits[len(taken)]:
            if candidate in taken:
                continue
            if same_x is not None and taken and not same_x[taken[0], candidate]:
                continue
            whole = extend((*taken, candidate))
            if whole is not None:
                return whole
        return None

    return extend(())
