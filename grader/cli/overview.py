"""A class in a few lines on a terminal, in the words of its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.classroom import Item, Overview
from grader.model.submission import Message
from grader.report import say
from grader.report.classroom_charts import percent
from grader.report.inert import one_line
from grader.report.language import fixed
from grader.report.texts import title

_BAR = 20
_MOST = 8  # misconceptions, and checks that are worth a look
_WIDE = 34  # columns of a title


def summary(
    overview: Overview, misconceptions: Mapping[str, str], language: str
) -> Iterator[tuple[str, str]]:
    """(line, style) of missing walls, exercises, checks worth a look, misconceptions, what is open.

    `misconceptions` is id → title. Lines hold no markup; a style is of `rich`.
    """
    if unwalled := len(overview.runs.unwalled):
        yield _say("class.said.unwalled", language, count=unwalled), "yellow"
    heads = tuple(_items(overview.items, language))
    if heads:
        yield from _section("class.said.items", language)
        yield from ((line, "") for line in heads)
    notes = tuple(_notes(overview, language))
    if notes:
        yield from _section("class.said.notes", language)
        yield from ((line, "") for line in notes)
    if overview.misconceptions:
        yield from _section("class.said.misconceptions", language)
        for one in overview.misconceptions[:_MOST]:
            share = percent(len(one.students) / max(1, overview.answered), language)
            named = one_line(misconceptions.get(one.id, one.id), 100)
            yield f"  {len(one.students):>5} {share:>6}  {named}", ""
    if overview.waiting.undecided:
        yield from _section("class.said.undecided", language)
        for wait in overview.waiting.undecided:
            word = _say(f"status.{wait.why}", language)
            who = one_line(", ".join(wait.students), 200)
            yield f"  {wait.exercise}/{wait.check}, {word}: {who}", ""


def counts(overview: Overview, language: str) -> str:
    """How many there are, have a mark, are missing and wait."""
    return _say(
        "class.said.counts",
        language,
        students=len(overview.lines),
        graded=sum(line.score is not None for line in overview.lines),
        missing=len(overview.missing),
        waiting=len(overview.waiting.students),
    )


def _section(id: str, language: str) -> Iterator[tuple[str, str]]:
    yield "", ""
    yield _say(id, language), "bold"


def _items(items: tuple[Item, ...], language: str) -> Iterator[str]:
    for at, item in enumerate(items, start=1):
        if item.difficulty is None:
            continue
        filled = round(item.difficulty * _BAR)
        bar = "#" * filled + "·" * (_BAR - filled)
        r = "" if item.discrimination is None else f"r {fixed(item.discrimination, 2, language)}"
        named = one_line(title(item.title, item.exercise, language).replace("`", ""), _WIDE)
        share = percent(item.difficulty, language)
        yield f"  {bar} {share:>6}  {r:<8} {at:>2} {named}".rstrip()


def _notes(overview: Overview, language: str) -> Iterator[str]:
    noted = [
        (f"{at}.{place}", item.exercise, check)
        for at, item in enumerate(overview.items, start=1)
        for place, check in enumerate(item.checks, start=1)
        if check.note not in (None, "everybody")
    ]
    for number, exercise, check in noted[:_MOST]:
        said = _say(f"class.note.{check.note}", language)
        yield f"  {number:>5} {exercise}/{check.check}: {said}"


def _say(id: str, language: str, **params: str | int | float) -> str:
    return say(Message(id, params), language)
