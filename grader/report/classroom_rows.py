"""The rows of the class's table of students."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import Literal

from markupsafe import Markup, escape

from grader.classroom import ExerciseLine, Line, Overview
from grader.report.classroom_views import Name, Table, inert, states
from grader.report.language import fixed, number, text


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, the number it is sorted by ("" sorts last), its class (ours)."""

    text: str
    value: float | Literal[""] = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One student. `states` and `signs` are what the filters look at; `cells` is HTML."""

    name: Name
    states: str
    signs: tuple[str, ...]
    cells: Markup


def rows(
    overview: Overview,
    named: Mapping[str, Name],
    signs: Mapping[str, str],
    table: Table,
    language: str,
) -> Iterator[Row]:
    """Everybody, by key, with the cells of the columns that `table` has, in their order."""
    waiting = overview.waiting.students
    for line in overview.lines:
        theirs = sorted({signs[id] for _, id in line.diagnoses}, key=lambda sign: (len(sign), sign))
        yield Row(
            name=named[line.key],
            states=" ".join(states(line, waiting)),
            signs=tuple(theirs),
            cells=Markup(
                "".join(map(_td, _cells(line, named[line.key], tuple(theirs), table, language)))
            ),
        )


def _td(cell: Cell) -> str:
    """A cell as HTML, which is not the template's work for a thousand rows of them."""
    kind = f' class="{cell.kind}"' if cell.kind else ""
    value = f' data-v="{cell.value}"' if cell.value != "" else ""
    return f"<td{kind}{value}>{escape(cell.text)}</td>"


def _cells(
    line: Line, name: Name, signs: tuple[str, ...], table: Table, language: str
) -> Iterator[Cell]:
    if table.keys:
        yield Cell(name.key, kind="key")
    if table.sections:
        yield Cell(inert(line.section))
    yield _number(line.score, language, "mark")
    yield _number(None if line.share is None else round(100 * line.share), language, "mark")
    theirs = {one.id: one for one in line.exercises}
    for id, _, _ in table.exercises:
        yield _exercise(theirs.get(id), language)
    yield Cell(" ".join(signs), len(signs) or "", "signs")
    yield Cell(text(f"class.state.{line.standing}", language), kind=f"state {line.standing}")
    bad = line.run is not None and line.run != "completed"
    yield Cell(text(f"class.run.{line.run}", language) if bad else "", kind="bad" if bad else "")
    seconds = line.seconds
    yield (
        Cell("", "", "num")
        if seconds is None
        else Cell(_fixed(round(seconds, 1), language), seconds, "num")
    )
    if table.attempts:
        which = "" if line.attempt is None else f"{line.attempt}/{line.attempts}"
        yield Cell(which, line.attempt or "", "num")
    if table.submitted:
        at = line.submitted_at
        yield (
            Cell("")
            if at is None
            else Cell(f"{at.astimezone(UTC):%Y-%m-%d %H:%M}", at.timestamp(), "num")
        )
    if table.late:
        yield _number(round(100 * line.late, 1) or None, language)


def _number(value: float | None, language: str, kind: str = "") -> Cell:
    if value is None:
        return Cell("", "", f"num {kind}".strip())
    return Cell(_said(value, language), value, f"num {kind}".strip())


def _exercise(one: ExerciseLine | None, language: str) -> Cell:
    if one is None:
        return Cell("", "", "num")
    if one.value is None:
        return Cell("?", "", "num open")
    kind = "full" if one.value >= 1 - 1e-9 else "none" if one.value <= 0 else "part"
    return Cell(_said(round(one.score, 2), language), one.score, f"num {kind}")


@lru_cache(maxsize=8192)
def _said(value: float, language: str) -> str:
    return number(value, language)


@lru_cache(maxsize=8192)
def _fixed(value: float, language: str) -> str:
    return fixed(value, 1, language)
