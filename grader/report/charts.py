"""Curves that a student drew, as a chart: positions and words for the template, which draws SVG.

Everything is bounded and finite; what cannot be placed (NaN, infinities, values that were not kept)
leaves a gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from grader.model.observation import Axes, Curve, Figure
from grader.report.inert import one_line

WIDTH, HEIGHT = 480, 260  # of a panel, in CSS pixels
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 26, 40
PANELS, CURVES, POINTS, TICKS = 6, 12, 400, 5
_WORDS = 60

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, in pixels, and what it says."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve: `path` is SVG's, for a line; `dots` are its points where it has no line."""

    path: str
    dots: tuple[tuple[float, float], ...]
    label: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One axes, `top` pixels below the top of the chart."""

    top: int
    title: str
    xlabel: str
    ylabel: str
    x: tuple[Tick, ...]
    y: tuple[Tick, ...]
    curves: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure's panels, one below the other; `height` in pixels."""

    panels: tuple[Panel, ...]
    height: int
    width: int = WIDTH


def chart(figure: Figure) -> Chart | None:
    """A figure's curves as a chart; None where nothing can be placed."""
    panels: list[Panel] = []
    for axes in figure.axes[:PANELS]:
        made = _panel(axes, len(panels) * HEIGHT)
        if made is not None:
            panels.append(made)
    return Chart(tuple(panels), len(panels) * HEIGHT) if panels else None


def _panel(axes: Axes, top: int) -> Panel | None:
    curves = [(curve, *found) for curve in axes.curves[:CURVES] if (found := _points(curve))]
    if not curves:
        return None
    across = _span(x for _, x, _ in curves)
    up = _span(y for _, _, y in curves)
    if across is None or up is None:
        return None
    left, right = LEFT, WIDTH - RIGHT
    high, low = top + TOP, top + HEIGHT - BOTTOM
    drawn = tuple(
        _drawn(curve, _placed(x, across, left, right), _placed(y, up, low, high))
        for curve, x, y in curves
    )
    return Panel(
        top=top,
        title=one_line(axes.title, _WORDS),
        xlabel=one_line(axes.xlabel, _WORDS),
        ylabel=one_line(axes.ylabel, _WORDS),
        x=_ticks(across, left, right),
        y=_ticks(up, low, high),
        curves=drawn,
    )


def _points(curve: Curve) -> tuple[Floats, Floats] | None:
    """The finite points of a curve, thinned out; a gap is NaN."""
    x, y = curve.x.data, curve.y.data
    if x is None or y is None or x.ndim != 1 or x.shape != y.shape or not x.size:
        return None
    if x.dtype.kind not in "fiub" or y.dtype.kind not in "fiub":
        return None
    chosen = np.unique(np.linspace(0, x.size - 1, min(x.size, POINTS)).astype(np.int64))
    horizontal, vertical = x[chosen].astype(np.float64), y[chosen].astype(np.float64)
    finite = np.isfinite(horizontal) & np.isfinite(vertical)
    if not finite.any():
        return None
    return np.where(finite, horizontal, np.nan), np.where(finite, vertical, np.nan)


def _span(values: Iterable[Floats]) -> tuple[float, float] | None:
    """From the least to the greatest value with a margin; None where that is no number."""
    ends = [(float(np.nanmin(part)), float(np.nanmax(part))) for part in values]
    least, greatest = min(low for low, _ in ends), max(high for _, high in ends)
    width = greatest - least
    margin = 0.05 * width or 0.5 * abs(least) or 1.0
    least, greatest = least - margin, greatest + margin
    return (least, greatest) if math.isfinite(greatest - least) and greatest > least else None


def _placed(values: Floats, span: tuple[float, float], start: int, end: int) -> Floats:
    return start + (values - span[0]) / (span[1] - span[0]) * (end - start)


def _drawn(curve: Curve, x: Floats, y: Floats) -> Drawn:
    label = one_line(curve.label, _WORDS)
    places = [(round(float(a), 1), round(float(b), 1)) for a, b in zip(x, y, strict=True)]
    if curve.style == "points" or len(places) == 1:
        return Drawn("", tuple(place for place in places if not math.isnan(place[0])), label)
    parts: list[str] = []
    pen_up = True
    for a, b in places:
        if math.isnan(a):
            pen_up = True
        else:
            parts.append(f"{'M' if pen_up else 'L'}{a:g} {b:g}")
            pen_up = False
    return Drawn("".join(parts), (), label)


def _ticks(span: tuple[float, float], start: int, end: int) -> tuple[Tick, ...]:
    """Round numbers within a span: multiples of 1, 2 or 5 times a power of ten."""
    rough = (span[1] - span[0]) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in (1.0, 2.0, 5.0) if m * power >= rough), 10 * power)
    first = math.ceil(span[0] / step)
    numbers: Sequence[float] = [(first + i) * step for i in range(2 * TICKS)]
    place = (end - start) / (span[1] - span[0])
    return tuple(
        Tick(round(start + (number - span[0]) * place, 1), f"{number:.6g}")
        for number in numbers
        if number <= span[1]
    )
