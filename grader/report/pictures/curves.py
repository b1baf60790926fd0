"""A student's values over the expected ones, and the difference below: curves and long vectors."""

from __future__ import annotations

import numpy as np

from grader.model.result import Plotted
from grader.report.language import number, text
from grader.report.pictures.plane import Floats, Span, path, placed, span, ticks
from grader.report.pictures.svg import Picture, drawing, line, words

WIDTH, LEFT, RIGHT = 400, 52, 10
VALUES = (22, 190)  # from y to y, in pixels: the panel of the values
DIFFERENCE = (226, 296)
HEIGHT = 324


def curves(plotted: Plotted, language: str) -> Picture | None:
    """Both curves of a comparison; None where nothing can be placed."""
    expected, actual = _floats(plotted.expected), _floats(plotted.actual)
    if not expected.size == actual.size > 1:
        return None
    along = bool(plotted.at)
    x = _floats(plotted.at) if along else np.arange(expected.size, dtype=np.float64)
    if x.size != expected.size:
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        difference = actual - expected
    across, up = span((x,)), span((expected, actual))
    off = span((difference, np.zeros(1)))
    if across is None or up is None or off is None:
        return None
    body = [
        *_panel(across, up, VALUES, labels=False),
        *_panel(across, off, DIFFERENCE, labels=True),
        line(_path(x, expected, across, up, VALUES), "wanted"),
        line(_path(x, actual, across, up, VALUES), "yours"),
        line(_path(x, difference, across, off, DIFFERENCE), "off"),
        words(LEFT + 4, 14, text("report.expected", language), "wanted", "start"),
        words(WIDTH / 2, 14, text("report.actual", language), "yours"),
        words(LEFT + 4, DIFFERENCE[0] - 8, text("picture.difference", language), "off", "start"),
    ]
    alt = _alt(x, difference, language)
    return Picture(drawing(WIDTH, HEIGHT, alt, "curves", "".join(body)), alt)


def _alt(x: Floats, difference: Floats, language: str) -> str:
    size = np.where(np.isfinite(difference), np.abs(difference), -1.0)
    worst = int(np.argmax(size))
    if size[worst] < 0:
        return text("picture.curves.gaps", language)
    return text(
        "picture.curves",
        language,
        points=int(x.size),
        largest=number(float(size[worst]), language),
        place=number(float(x[worst]), language),
    )


def _panel(across: Span, up: Span, rows: tuple[int, int], *, labels: bool) -> list[str]:
    """The grid of one panel; its x numbers where `labels`."""
    top, low = rows
    drawn: list[str] = []
    for tick in ticks(across, LEFT, WIDTH - RIGHT):
        drawn.append(line(f"M{tick.at:g} {top}V{low}", "grid"))
        if labels:
            drawn.append(words(tick.at, low + 16, tick.label))
    for tick in ticks(up, low, top, 5 if low - top > 100 else 3):
        drawn.append(line(f"M{LEFT} {tick.at:g}H{WIDTH - RIGHT}", "grid"))
        drawn.append(words(LEFT - 6, tick.at + 4, tick.label, anchor="end"))
    return drawn


def _path(x: Floats, y: Floats, across: Span, up: Span, rows: tuple[int, int]) -> str:
    top, low = rows
    return path(placed(x, across, LEFT, WIDTH - RIGHT), placed(y, up, low, top))


def _floats(values: tuple[float | None, ...]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)
