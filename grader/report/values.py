"""Values as a reader sees them: numbers as Python prints them, in rows as NumPy does."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from math import isfinite, nan, prod
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from grader.model.result import Shown
from grader.report.inert import one_line

PER_LINE, WIDE = 6, 60  # elements of a vector in a line, and characters
DIGITS = {"float64": 17, "float32": 7, "float16": 4, "bfloat16": 3}
COMPLEX = {"complex128": "float64", "complex64": "float32", "complex32": "float16"}
_LARGEST = float(np.finfo(np.float32).max)
LOW = 3  # digits of the 8-bit floats

Element = float | int | bool | str | tuple[float | str, float | str]


class Piece(NamedTuple):
    """A stretch of a value's text; `off` marks an element that differs, `worst` the farthest."""

    text: str
    worst: bool = False
    off: bool = False


Line = tuple[Piece, ...]


def pair(
    expected: Shown | None,
    actual: Shown | None,
    worst: tuple[int, ...] | None,
    relative: float = 0.0,
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Both values in lines whose columns stand under each other, () for what is not there.

    Elements of `actual` are marked that differ by more than `relative` times their expected size.
    """
    digits = min(_digits(shown) for shown in (expected, actual, Shown("none")) if shown)
    left, right = _spell(expected, digits), _spell(actual, digits)
    if expected and actual and left == right and expected.values != actual.values:
        left, right = _spell(expected, 17), _spell(actual, 17)
    width = max((len(text) for text in left + right), default=0)
    off: set[int] = set()
    if expected and actual and expected.shape == actual.shape and worst is not None:
        both = enumerate(zip(expected.values, actual.values, strict=False))
        off = {place for place, (wanted, found) in both if gap(wanted, found, relative)}
    return _lines(expected, left, width, worst, set()), _lines(actual, right, width, worst, off)


def gap(wanted: Element, found: Element, relative: float) -> float:
    """`found` less `wanted`; 0 within `relative` times the latter's size, NaN for no numbers."""
    if not isinstance(wanted, int | float) or not isinstance(found, int | float):
        return 0.0 if wanted == found else nan
    off = float(found) - float(wanted)
    return 0.0 if abs(off) <= relative * abs(float(wanted)) else off


def plain(lines: tuple[Line, ...]) -> str:
    """Lines of pieces as one string."""
    return "\n".join("".join(piece.text for piece in line) for line in lines)


def marked_up(lines: tuple[Line, ...]) -> Markup:
    """Lines of pieces as HTML, made here since a template escapes piece by piece."""
    return Markup("\n".join("".join(map(_html, line)) for line in lines))


def _html(piece: Piece) -> str:
    text = escape(piece.text, quote=False)
    if piece.worst:
        return f"<mark>{text}</mark>"
    return f'<mark class="off">{text}</mark>' if piece.off else text


def shape(shown: Shown) -> str:
    """A shape as Python writes it: `()`, `(4,)`, `(2, 3)`."""
    return str(tuple(int(size) for size in shown.shape[:16]))


def _digits(shown: Shown) -> int:
    if shown.dtype is None:
        return 17
    return DIGITS.get(COMPLEX.get(shown.dtype, shown.dtype), _other(shown.dtype))


def _other(dtype: str) -> int:
    return LOW if dtype.startswith("float8") else 17


def _spell(shown: Shown | None, digits: int) -> list[str]:
    if shown is None:
        return []
    limit = 400 if len(shown.values) == 1 else 40
    return [_element(value, digits, limit) for value in shown.values[:64]]


def _element(value: Element, digits: int, limit: int) -> str:
    if isinstance(value, str):
        return one_line(value, limit)
    if isinstance(value, tuple | list):
        real, imaginary = (_element(part, digits, limit) for part in value[:2])
        sign = "" if imaginary.startswith("-") else "+"
        return f"{real}{sign}{imaginary}j"
    if isinstance(value, float) and not isinstance(value, bool):
        return _real(value, digits)
    return one_line(str(value), 60)


def _real(value: float, digits: int) -> str:
    if digits >= 17 or not isfinite(value):
        return repr(float(value))
    short = float(f"{value:.{digits}g}")
    if digits == DIGITS["float32"] and abs(value) <= _LARGEST:
        single = np.float32(value)
        if float(single) == value:  # a float32 exactly: as torch and NumPy print it
            return str(single)
    return repr(short)


def _lines(
    shown: Shown | None,
    texts: list[str],
    width: int,
    worst: tuple[int, ...] | None,
    off: set[int],
) -> tuple[Line, ...]:
    if shown is None:
        return ()
    marked = flat(worst, shown.shape)
    pieces = [
        Piece(text.rjust(width) if shown.shape else text, position == marked, position in off)
        for position, text in enumerate(texts)
    ]
    if not shown.shape:
        return (tuple(pieces[:1]),) if pieces else ()
    fit = max(2, min(PER_LINE, WIDE // (width + 2)))
    row = shown.shape[-1] if len(shown.shape) > 1 and 0 < shown.shape[-1] <= 12 else fit
    rows = [pieces[start : start + row] for start in range(0, len(pieces), row)]
    depth = min(len(shown.shape), 8)
    return tuple(_row(row, at, len(rows), depth, shown) for at, row in enumerate(rows)) or (
        (Piece("[]"),),
    )


def _row(row: list[Piece], at: int, count: int, depth: int, shown: Shown) -> Line:
    """One row with its brackets: nested ones for a matrix, a single pair for a wrapped vector."""
    nested = depth > 1 and shown.shape[-1] <= 12
    inner = 1 if nested else 0
    opening = "[" * (depth - inner) if at == 0 else " " * (depth - inner)
    last = at == count - 1
    more = "…" if last and shown.elements > len(shown.values) else ""
    closing = "]" * (depth - inner) if last else ""
    line = [Piece(opening + "[" * inner)]
    for position, piece in enumerate(row):
        line += [Piece(", ")] if position else []
        line += _bare(piece)
    end = "," if not last and not nested else ""
    line.append(Piece(f"{', ' + more if more else ''}{']' * inner}{closing}{end}"))
    return tuple(_joined(line))


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbours without a mark as one piece: a page of pieces costs more than it shows."""
    for marked, group in groupby(pieces, key=lambda piece: piece.worst or piece.off):
        if marked:
            yield from group
        else:
            yield Piece("".join(piece.text for piece in group))


def _bare(piece: Piece) -> list[Piece]:
    """A marked piece without the blanks before it, which are not marked."""
    text = piece.text.lstrip(" ")
    if text == piece.text or not (piece.worst or piece.off):
        return [piece]
    return [Piece(piece.text[: -len(text)]), piece._replace(text=text)]


def flat(index: tuple[int, ...] | None, shape: tuple[int, ...]) -> int | None:
    """The place in C order of `index`, None where the shape has no such place."""
    if index is None or len(index) != len(shape) or not 0 < prod(shape) < 1 << 53:
        return None
    flat = 0
    for position, size in zip(index, shape, strict=True):
        if not 0 <= position < size:
            return None
        flat = flat * size + position
    return flat
