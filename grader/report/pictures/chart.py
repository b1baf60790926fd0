"""Curves that a student drew, as a chart: positions and words for the template, which draws SVG.

Everything is bounded and finite; what cannot be placed (NaN, infinities, values that were not kept)
leaves a gap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grader.model.observation import Axes, Curve, Figure
from grader.report.inert import one_line
from grader.report.pictures.plane import Floats, Tick, path, placed, span, ticks

WIDTH, HEIGHT = 480, 260  # of a panel, in CSS pixels
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 26, 40
PANELS, CURVES, POINTS = 6, 12, 120
_WORDS = 60


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
    across = span(x for _, x, _ in curves)
    up = span(y for _, _, y in curves)
    if across is None or up is None:
        return None
    left, right = LEFT, WIDTH - RIGHT
    high, low = top + TOP, top + HEIGHT - BOTTOM
    drawn = tuple(
        _drawn(curve, placed(x, across, left, right), placed(y, up, low, high))
        for curve, x, y in curves
    )
    return Panel(
        top=top,
        title=one_line(axes.title, _WORDS),
        xlabel=one_line(axes.xlabel, _WORDS),
        ylabel=one_line(axes.ylabel, _WORDS),
        x=ticks(across, left, right),
        y=ticks(up, low, high),
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


def _drawn(curve: Curve, x: Floats, y: Floats) -> Drawn:
    label = one_line(curve.label, _WORDS)
    if curve.style == "points" or x.size == 1:
        places = [(round(float(a), 1), round(float(b), 1)) for a, b in zip(x, y, strict=True)]
        return Drawn("", tuple(place for place in places if not math.isnan(place[0])), label)
    return Drawn(path(x, y), (), label)
