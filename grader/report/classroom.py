"""The class as one HTML page for the instructor: self-contained, and inert whatever was handed in.

Its one script sorts and filters the table of students; without it everything is there to read.
The page's own policy allows this script and this style sheet, by digest, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader import __version__
from grader.classroom import FEW, Item, Line, Outcome, Overview
from grader.languages import known
from grader.report import classroom_charts as charts
from grader.report.classroom_rows import Row, rows
from grader.report.classroom_views import Name, Table, letters, names, table, waits
from grader.report.inert import one_line
from grader.report.language import fixed, number, tag, text
from grader.report.prose import inline, title_markup
from grader.report.texts import title


@dataclass(frozen=True, slots=True)
class ItemView:
    """A line of the table of exercises and checks."""

    number: str
    title: Markup
    whole: bool
    parts: Markup
    earned: str
    place: Markup
    discrimination: str
    n: int
    note: str
    alarming: bool


@dataclass(frozen=True, slots=True)
class MisconceptionView:
    """A line of the table of misconceptions; `sign` stands for it in the table of students."""

    sign: str
    title: Markup
    label: str
    count: int
    percent: str
    share: Markup
    where: str


def class_page(
    overview: Overview,
    language: str,
    *,
    misconceptions: Mapping[str, str],
    links: Mapping[str, str],
    made: str,
) -> str:
    """The page of a class, in `language`.

    Args:
        overview: what is to be shown; all of it is for the instructor's eyes.
        misconceptions: id → title in `language`; may hold `{param}`.
        links: student's key → address of their report, relative to the page; who has none there
            is named without a link.
        made: when the data was read, ISO 8601.
    """
    tongue = known(language)
    t = partial(text, language=tongue)
    (style, style_digest), (script, script_digest) = _part("css"), _part("js")
    named = names(overview.lines, links)
    signs = letters(one.id for one in overview.misconceptions)
    page = _environment().get_template("classroom.html.j2")
    whole = title(overview.title, overview.assignment, tongue)
    return page.render(
        t=t,
        n=partial(number, language=tongue),
        prose=lambda id, **params: inline(t(id, **{k: f"{{{k}}}" for k in params}), params, tongue),
        lang=tag(tongue),
        style=Markup(style),
        script=Markup(script),
        style_digest=style_digest,
        script_digest=script_digest,
        name=one_line(whole, 200).replace("`", ""),
        title=title_markup(whole),
        overview=overview,
        figures=tuple(_figures(overview, tongue)),
        made=made,
        marks=_marks(overview, tongue),
        waits=waits(overview, named, tongue),
        missing=tuple(named[line.key] for line in overview.missing),
        items=tuple(_items(overview, tongue)),
        legend=charts.legend(_used(overview), tongue),
        few=FEW,
        misconceptions=tuple(_misconceptions(overview, signs, misconceptions, tongue)),
        slowest=tuple((named[one.key], _seconds(one, tongue)) for one in overview.runs.slowest),
        failed=tuple(
            (t(f"class.run.{status}"), tuple(named[line.key] for line in lines))
            for status, lines in overview.runs.failed.items()
        ),
        unwalled=tuple(named[line.key] for line in overview.runs.unwalled),
        table=(shown := table(overview, tongue)),
        rows=_rows(overview, named, signs, shown, tongue),
        version=__version__,
    )


def _rows(
    overview: Overview,
    named: Mapping[str, Name],
    signs: Mapping[str, str],
    shown: Table,
    tongue: str,
) -> Iterator[Row]:
    return rows(overview, named, signs, shown, tongue)


def _seconds(line: Line, language: str) -> str:
    return text("class.runs.seconds", language, seconds=round(line.seconds or 0.0, 1))


def _figures(overview: Overview, language: str) -> Iterator[tuple[str, str, str]]:
    """(what, how many, the section that says more where something is to be done) at the head."""
    marks, graded = overview.marks, sum(line.score is not None for line in overview.lines)
    waiting = len(overview.waiting.students)
    failed = sum(map(len, overview.runs.failed.values()))
    yield "students", number(len(overview.lines), language), ""
    yield "graded", number(graded, language), ""
    if marks is not None:
        half = f"{round(100 * marks.lower)}–{charts.percent(round(marks.upper, 2), language)}"
        yield "median", charts.percent(round(marks.median, 2), language), ""
        yield "half", half, ""
        yield "mean", charts.percent(round(marks.mean, 2), language), ""
    yield "missing", number(len(overview.missing), language), ""
    yield "failed", number(failed, language), ""
    if unwalled := len(overview.runs.unwalled):
        yield "unwalled", number(unwalled, language), "runs"
    yield "waiting", number(waiting, language), "waiting" if waiting else ""


def _marks(overview: Overview, language: str) -> tuple[Markup, str] | None:
    """The histogram and its caption."""
    marks = overview.marks
    if marks is None:
        return None
    numbers = {
        name: round(100 * getattr(marks, name), 1)
        for name in ("median", "lower", "upper", "mean", "spread", "lowest", "highest")
    }
    return charts.histogram(marks, language), text("class.marks.caption", language, **numbers)


def _used(overview: Overview) -> tuple[Outcome, ...]:
    all_ = [one for item in overview.items for one in (item, *item.checks)]
    return tuple(one for one in charts.OUTCOMES if any(item.counts.get(one) for item in all_))


def _items(overview: Overview, language: str) -> Iterator[ItemView]:
    for at, exercise in enumerate(overview.items, start=1):
        yield _item(exercise, str(at), language)
        for place, check in enumerate(exercise.checks, start=1):
            yield _item(check, f"{at}.{place}", language)


def _item(item: Item, place: str, language: str) -> ItemView:
    r = item.discrimination
    return ItemView(
        number=place,
        title=title_markup(title(item.title, item.check or item.exercise, language)),
        whole=not item.check,
        parts=charts.parts(item.counts, language),
        earned="–" if item.difficulty is None else _two(item.difficulty, language),
        place=Markup("") if r is None else charts.place(r, item.n),
        discrimination="–" if r is None else _two(r, language),
        n=item.n,
        note=text(f"class.note.{item.note}", language) if item.note else "",
        alarming=item.note in ("reversed", "nobody"),
    )


def _two(value: float, language: str) -> str:
    """A number with its two decimals, so that a column of them lines up."""
    return fixed(value, 2, language).replace("-", "−")


def _misconceptions(
    overview: Overview, signs: Mapping[str, str], titles: Mapping[str, str], language: str
) -> Iterator[MisconceptionView]:
    order = {item.exercise: at for at, item in enumerate(overview.items, start=1)}
    for one in overview.misconceptions:
        named = titles.get(one.id, one.id)
        count = len(one.students)
        places = sorted(one.exercises.items(), key=lambda place: order.get(place[0], 0))
        yield MisconceptionView(
            sign=signs[one.id],
            title=inline(named, {}, language),
            label=one_line(named, 120).replace("`", ""),
            count=count,
            percent=charts.percent(count / max(1, overview.answered), language),
            share=charts.share(count, overview.answered),
            where=", ".join(f"{order.get(id, id)} ({found})" for id, found in places),
        )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


@cache
def _part(kind: str) -> tuple[str, str]:
    """The page's style sheet or script, and its digest for the page's policy."""
    text = (files("grader.report") / "templates" / f"classroom.{kind}").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).digest()
    return text, "sha256-" + base64.b64encode(digest).decode("ascii")
