"""What the class's page says of people, and of what waits for the instructor."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from markupsafe import Markup

from grader.classroom import Item, Line, Overview, Undecided
from grader.model.record import spelt
from grader.report.inert import one_line
from grader.report.language import say, text
from grader.report.prose import isolated
from grader.report.texts import title

_LONGEST_NAME = 80
FIRST = 12  # names that are shown at once


@dataclass(frozen=True, slots=True)
class Name:
    """A student as the page names them: by name where there is one; `link` to their report."""

    name: Markup
    key: Markup
    link: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """One kind of thing that waits: what, what to do about it, how to call it, and whose it is."""

    what: str
    how: str
    command: str
    people: tuple[Name, ...]
    due: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Which columns the table of students has, and what can be chosen to be shown.

    Attributes:
        exercises: (id, number, title, highest score) of each.
        states: (token, words) of the choices that fit somebody.
    """

    keys: bool
    sections: bool
    attempts: bool
    submitted: bool
    late: bool
    exercises: tuple[tuple[str, str, str], ...]
    states: tuple[tuple[str, str], ...]


def names(lines: Iterable[Line], links: Mapping[str, str]) -> dict[str, Name]:
    """Key → how a student is named."""
    return {
        line.key: Name(
            name=inert(line.name or line.key),
            key=inert(line.key),
            link=links.get(line.key, ""),
        )
        for line in lines
    }


def inert(text: str) -> Markup:
    """A stranger's text that stays text: in the page, and in a spreadsheet it is copied into.

    What a spreadsheet would compute gets an apostrophe in front, as in the exported files.
    """
    line = one_line(text, _LONGEST_NAME)
    first = unicodedata.normalize("NFKC", line[:1])
    return isolated(f"'{line}" if first in ("=", "+", "-", "@") and first else line)


def letters(ids: Iterable[str]) -> dict[str, str]:
    """Id → A, B … Z, A2, B2 … in the order of `ids`."""
    return {
        id: ascii_uppercase[at % 26] + (str(at // 26 + 1) if at >= 26 else "")
        for at, id in enumerate(ids)
    }


def waits(overview: Overview, named: Mapping[str, Name], language: str) -> tuple[Wait, ...]:
    """What waits for the instructor, the most urgent first, and files that nobody could read."""
    waiting = overview.waiting
    told: Sequence[tuple[str, Sequence[Line], Callable[[Line], str]]] = (
        ("not_graded", waiting.not_graded, lambda line: one_line(line.reason)),
        ("pending", waiting.pending, lambda line: ""),
    )
    after: Sequence[tuple[str, Sequence[Line], Callable[[Line], str]]] = (
        ("flagged", waiting.flagged, _flagged),
        ("refused", waiting.refused, lambda line: _refusal(line, language)),
    )
    titles = {
        (one.exercise, one.check): one for item in overview.items for one in (item, *item.checks)
    }
    return (
        *_told(told, named, language),
        *(_undecided(one, titles, named, language) for one in waiting.undecided),
        *_told(after, named, language),
    )


def _told(
    told: Sequence[tuple[str, Sequence[Line], Callable[[Line], str]]],
    named: Mapping[str, Name],
    language: str,
) -> Iterator[Wait]:
    for kind, lines, more in told:
        if lines:
            people = (
                Name((name := named[line.key]).name, name.key, name.link, more(line))
                for line in lines
            )
            yield Wait(
                what=text(f"class.waiting.{kind}", language),
                how=f"class.waiting.{kind}.how",
                command="",
                people=tuple(people),
                due=kind != "refused",
            )


def _flagged(line: Line) -> str:
    return one_line(", ".join(flag.mark.about for flag in line.flags))


def _refusal(line: Line, language: str) -> str:
    return say(line.refusal, language) if line.refusal else ""


def _undecided(
    one: Undecided,
    items: Mapping[tuple[str, str], Item],
    named: Mapping[str, Name],
    language: str,
) -> Wait:
    about = [
        title(items[where].title if where in items else {}, id, language).replace("`", "")
        for where, id in (
            ((one.exercise, ""), one.exercise),
            ((one.exercise, one.check), one.check),
        )
    ]
    target = spelt("", (one.exercise, one.check))
    return Wait(
        what=text(f"class.waiting.{one.why}", language, exercise=about[0], check=about[1]),
        how=f"class.waiting.{one.why}.how",
        command=f"grader gradebook set GRADEBOOK STUDENT --on {target} --points N --why …",
        people=tuple(named[key] for key in one.students),
    )


def table(overview: Overview, language: str) -> Table:
    """The columns that say something of this class."""
    lines = overview.lines
    tokens: dict[str, int] = {}
    for line in lines:
        for token in states(line, overview.waiting.students):
            tokens[token] = tokens.get(token, 0) + 1
    return Table(
        keys=any(line.name and line.name != line.key for line in lines),
        sections=any(line.section for line in lines),
        attempts=any(line.attempts > 1 for line in lines),
        submitted=any(line.submitted_at for line in lines),
        late=any(line.late for line in lines),
        exercises=tuple(
            (item.exercise, str(at), title(item.title, item.exercise, language).replace("`", ""))
            for at, item in enumerate(overview.items, start=1)
        ),
        states=tuple(
            (token, f"{text(f'class.filter.{token}', language)} ({tokens[token]})")
            for token in ("graded", "waiting", "missing", "failed", "refused", "late")
            if token in tokens
        ),
    )


def states(line: Line, waiting: frozenset[str]) -> tuple[str, ...]:
    """The choices that a student's line is shown under."""
    return tuple(
        token
        for token, holds in (
            ("graded", line.standing == "graded"),
            ("waiting", line.key in waiting),
            ("missing", line.standing == "missing"),
            ("failed", line.run in ("timeout", "out_of_memory", "crashed")),
            ("refused", line.run == "refused"),
            ("late", line.late > 0),
        )
        if holds
    )
