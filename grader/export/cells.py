"""Cells of CSV files: what is text can never be a formula, and what is a number stays one.

A spreadsheet takes a cell for a formula when it begins with `=`, `+`, `-` or `@`, also in the
full-width and small forms of these and after blanks, or with a tab or return. Text that does gets
an apostrophe in front. So does text that already has apostrophes there, so that `read` can take
exactly one away again and every text survives the way out and back.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from grader.report.inert import visible

Cell = str | float | int | None
_QUOTE = "'"


def write(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV (RFC 4180). None is an empty cell; numbers are rounded to four decimals."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return file.getvalue()


def read(text: str) -> list[list[str]]:
    """The rows of a CSV file, texts as they were before `write`."""
    return [[_restored(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def number(value: float) -> float | int:
    """Points as they are written: to four decimals, whole ones without a decimal point."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def _cell(cell: Cell) -> str | float | int:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutral(cell)
    return number(cell)


def neutral(text: str) -> str:
    """`text` as no spreadsheet takes it for a formula; control characters are made visible."""
    seen = _seen(text)
    return _QUOTE + seen if _dangerous(seen.lstrip(_QUOTE)) else seen


def _restored(cell: str) -> str:
    dangerous = cell.startswith(_QUOTE) and _dangerous(cell.lstrip(_QUOTE))
    return cell[1:] if dangerous else cell


def _dangerous(text: str) -> bool:
    if text[:1] in ("\t", "\r", "\n"):
        return True
    first = next((c for c in text if not c.isspace() and unicodedata.category(c) != "Cf"), " ")
    return unicodedata.normalize("NFKC", first)[:1] in ("=", "+", "-", "@")


def _seen(text: str) -> str:
    """`text` with its control and half characters shown; returns and joiners of scripts stay."""
    return "".join(
        visible(c) if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\r\n" else c
        for c in text
    )
