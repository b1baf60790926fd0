"""Where a vector or matrix differs: a cell for each element, by sign and size of the difference."""

from __future__ import annotations

import math
from collections.abc import Sequence

from grader.model.result import Shown
from grader.report.language import number, text
from grader.report.pictures.svg import Picture, box, drawing, words
from grader.report.values import gap

SIDE = 46  # of a cell, in CSS pixels
EDGE = 26  # on the left, for the indices of rows
TOP = 18  # above a row, for the indices of columns
ACROSS, DOWN = 9, 12  # cells in a row, rows
LEVELS = 4


def heat(expected: Shown, actual: Shown, relative: float, language: str) -> Picture | None:
    """The differences of two values of one shape; None where a picture would say no more.

    An element is even where it differs by at most `relative` times its expected size, which is what
    rounding explains.
    """
    rows = _rows(expected)
    both = list(zip(expected.values, actual.values, strict=False))
    if rows is None or actual.shape != expected.shape or len(both) != expected.elements:
        return None
    differences = [gap(wanted, found, relative) for wanted, found in both]
    if all(one == 0 for one in differences):
        return None
    largest = max((abs(d) for d in differences if math.isfinite(d)), default=0.0)
    vector = len(expected.shape) == 1
    above = TOP if vector else 0  # each row of a vector has indices of its own
    step = SIDE + above
    body: list[str] = []
    for down, row in enumerate(rows):
        y = TOP + down * step
        if not vector:
            body.append(words(EDGE - 8, y + SIDE / 2 + 4, str(down), anchor="end"))
        for across, place in enumerate(row):
            x = EDGE + across * SIDE
            body += _cell(x, y, differences[place], largest, language)
            if vector or down == 0:
                index = str(place if vector else across)
                body.append(words(x + SIDE / 2, y - 5, index))
    alt = _alt(differences, expected.shape, language)
    width, height = EDGE + len(rows[0]) * SIDE + 2, TOP + len(rows) * step - above
    return Picture(drawing(width, height, alt, "heat", "".join(body)), alt)


def _rows(shown: Shown) -> list[list[int]] | None:
    """Places in C order, row by row; a vector goes on in a second row."""
    if len(shown.shape) == 1 and 1 < shown.shape[0] <= 2 * ACROSS:
        places = list(range(shown.shape[0]))
        return [places[at : at + ACROSS] for at in range(0, len(places), ACROSS)]
    if len(shown.shape) != 2 or shown.elements < 2:
        return None
    down, across = shown.shape
    if not (down <= DOWN and across <= ACROSS):
        return None
    return [list(range(row * across, (row + 1) * across)) for row in range(down)]


def _cell(x: float, y: float, difference: float, largest: float, language: str) -> list[str]:
    if difference == 0:
        kind, said = "even", "="
    elif not math.isfinite(difference):
        kind, said = "broken", "×"
    else:
        level = max(1, math.ceil(LEVELS * abs(difference) / largest))
        kind = f"{'over' if difference > 0 else 'under'} l{level}"
        said = ("+" if difference > 0 else "−") + _short(abs(difference), language)
    middle = x + SIDE / 2 - 1, y + SIDE / 2 + 3
    return [box(x, y, SIDE - 2, SIDE - 2, kind=kind, radius=4), words(*middle, said)]


def _short(size: float, language: str) -> str:
    """A number in five characters or so: that much fits into a cell."""
    said = number(float(f"{size:.2g}"), language)
    if len(said) <= 5:
        return said
    digits, power = f"{size:.0e}".split("e")
    return f"{digits}e{int(power)}"


def _alt(differences: Sequence[float], shape: tuple[int, ...], language: str) -> str:
    wrong = [place for place, one in enumerate(differences) if one != 0]
    named = ", ".join(_index(place, shape) for place in wrong[:8])
    said = text("picture.heat", language, count=len(wrong), total=len(differences))
    return f"{said} {named}{', …' if len(wrong) > 8 else ''}"


def _index(place: int, shape: tuple[int, ...]) -> str:
    return f"[{place}]" if len(shape) == 1 else f"[{place // shape[1]}, {place % shape[1]}]"
