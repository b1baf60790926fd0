"""Every word of the grader's own is in the catalogs: in a made-up language, no other word is left.

The made-up language has no letter of any alphabet in use: `ⓛⓘⓚⓔ ⓣⓗⓘⓢ`. What else a reader meets
must come from the student, or be a name of Python's.
"""

from __future__ import annotations

import dataclasses
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import get_args

import pytest
from babel.messages.catalog import Catalog
from rich.console import Console

from grader import diagnose
from grader.check.messages import MESSAGES as CHECK
from grader.model.exercise import Assignment
from grader.model.result import CheckStatus, Diagnosis, Result, Shown
from grader.model.submission import Message
from grader.model.value import Kind
from grader.notebook.messages import MESSAGES as NOTEBOOK
from grader.report import (
    DiagnosisText,
    for_audience,
    html,
    language,
    markdown,
    notebook,
    terminal,
)
from grader.report.language import PLACE, WORDS
from scripts.gallery.exhibits import AFTER
from tests.report.samples import CAPTURE, RESULT, SUBMISSION, finding

KEPT = re.compile(r"\{\w+\}|https?://[^\s)]+")
WORD = re.compile(r"[A-Za-z\u0400-\u04ff\u4e00-\u9fff]{2,}")
# Whatever a page says about these is their own name.
NAMES = {"None", "True", "False", "NaN", "UTC", "ULP", "nan", "inf"}
NOON = "2026-10-06T12:00:00+03:00"
OURS = {"id", "check", "kind", "status", "visibility", "mode", "audience", "spec_hash"}
LOUD = {"aria-label", "aria-description", "alt", "title", "placeholder", "label", "summary"}


def pseudo(text: str) -> str:
    """Each letter in a circle; places and addresses stay."""
    kept = KEPT.findall(text)
    parts = [re.sub("[A-Za-z]", _circled, part) for part in KEPT.split(text)]
    return parts[0] + "".join(k + part for k, part in zip(kept, parts[1:], strict=True))


def _circled(found: re.Match[str]) -> str:
    letter = found[0]
    base = 0x24D0 - ord("a") if letter.islower() else 0x24B6 - ord("A")
    return chr(base + ord(letter))


def forget() -> None:
    """Empty what the report keeps of the languages that it has spoken."""
    for name, module in list(sys.modules.items()):
        if name.startswith("grader.report."):
            for kept in vars(module).values():
                if callable(kept) and hasattr(kept, "cache_clear"):
                    kept.cache_clear()


@pytest.fixture
def circled(monkeypatch):
    """English is the made-up language while a test runs."""
    made = Catalog(locale="en")
    for message in language.catalog("en"):
        if message.id:
            plural = isinstance(message.string, tuple | list)
            text = tuple(map(pseudo, message.string)) if plural else pseudo(message.string)
            made.add(message.id, text)
    monkeypatch.setattr(language, "catalog", lambda language: made)
    forget()
    yield
    monkeypatch.undo()
    forget()


def texts(result: Result) -> dict[str, DiagnosisText]:
    """The words of all diagnoses, circled."""
    found = {}
    for id in {d.id for e in result.exercises for d in e.diagnoses}:
        if id not in diagnose.ids():  # made up for tests
            found[id] = DiagnosisText(pseudo("Unknown"))
            continue
        said = diagnose.texts(id, "en")
        found[id] = DiagnosisText(
            title=pseudo(said["title"]),
            message=pseudo(said["explanation"]),
            try_next=pseudo(said["try_next"]),
            see=said["read_on"],
            wrong="ⓧ = 1",
            right="ⓧ = 2",
        )
    return found


def titled(result: Result) -> Result:
    """The result with its author's titles circled: they are the course's words."""

    def one(titles: Mapping[str, str], id: str) -> dict[str, str]:
        return {"en": pseudo(titles.get("en", id))}

    exercises = tuple(
        replace(
            exercise,
            title=one(exercise.title, exercise.id),
            checks=tuple(replace(c, title=one(c.title, c.check)) for c in exercise.checks),
        )
        for exercise in result.exercises
    )
    return replace(result, exercises=exercises, language="en")


def course_in_circles(assignment: Assignment) -> Assignment:
    """The assignment with its author's titles and tasks circled."""
    exercises = tuple(
        replace(e, prompts={"en": dict.fromkeys(e.prompts.get("en", {}), pseudo("Task"))})
        for e in assignment.exercises
    )
    return replace(assignment, title={"en": pseudo("Title")}, exercises=exercises)


class Heard(HTMLParser):
    """What a reader of a page sees or hears, but for the student's own code and output."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that are read out."""
        self.said += [value for name, value in attrs if name in LOUD and value]
        if tag not in ("meta", "img", "br", "path", "circle", "line", "rect", "hr", "wbr", "input"):
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag without an end."""
        self.said += [value for name, value in attrs if name in LOUD and value]

    def handle_endtag(self, tag: str) -> None:
        """Out of an element."""
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Text."""
        if "style" not in self._open:
            self.said.append(data)
        else:
            self.said += re.findall(r"content:\s*[\"']([^\"']*)[\"']", data)


def strings(thing: object, name: str = "") -> Iterator[str]:
    """All strings in data, except ids that the catalogs have words for."""
    if isinstance(thing, str):
        if name not in WORDS:
            yield thing
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from strings(value, str(key))
    elif isinstance(thing, tuple | list):
        for value in thing:
            yield from strings(value, name)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            if field.name not in OURS:
                yield from strings(getattr(thing, field.name))


def strange(said: list[str], *own: object) -> list[str]:
    """Words that come neither from the catalogs nor from what the student handed in."""
    theirs = " ".join(text for thing in own for text in strings(thing))
    times = [language.moment(time, "en") for time in (NOON, AFTER)]
    known = set(WORD.findall(" ".join([theirs, *times]))) | NAMES
    words = {
        word
        for text in said
        for word in WORD.findall(re.sub(r"(\w+)…", lambda cut: _whole(cut[1], known), text))
    }
    return sorted(words - known)


def _whole(begun: str, known: set[str]) -> str:
    """A long name that a picture has no room for, as it is in full."""
    fits = [word for word in known if len(begun) > 9 and word.startswith(begun)]
    return fits[0] if fits else begun


def everything() -> Result:
    """Every message that checks and notebooks have, every status, every diagnosis."""
    statuses = ("failed", "missing", "skipped", "undecidable", "needs_rerun", "error", "passed")
    assert set(statuses) == set(get_args(CheckStatus))
    checks = tuple(
        finding(f"c{at}", statuses[at % 7], Message(id, dict.fromkeys(params, 3)), kind=kind)
        for kind in ("tensor", "call", "event", "figure", "source", "choice")
        for at, (id, params) in enumerate(CHECK.items())
    )
    checks += tuple(
        finding(f"k{at}", "failed", Message("check.value.kind", {"value": "x", "kind": kind}),
                actual=Shown(kind), expected=Shown("tensor", "float32", (2,), (1.0, 2.0), 2))
        for at, kind in enumerate(get_args(Kind))
    )  # fmt: skip
    diagnoses = [Diagnosis(id, 0.9, ("c0",), {}) for id in diagnose.ids()]
    exercises = tuple(
        replace(RESULT.exercises[1], checks=checks, diagnoses=tuple(diagnoses[at : at + 3]))
        for at in range(0, len(diagnoses), 3)
    )
    notices = tuple(Message(id, dict.fromkeys(params, 3)) for id, params in NOTEBOOK.items())
    return replace(RESULT, exercises=exercises, notices=notices)


MADE = {"one of each": RESULT, "every message": everything()}


@pytest.mark.parametrize("audience", ["student", "instructor"])
@pytest.mark.parametrize("name", MADE)
def test_a_page_has_no_word_from_outside_the_catalogs(circled, name, audience):
    seen = titled(for_audience(MADE[name], audience, NOON, "2026-10-01"))
    page = html(seen, SUBMISSION, CAPTURE, "en", texts(seen))
    assert strange(Heard(page).said, seen, SUBMISSION, CAPTURE) == []


@pytest.mark.parametrize("name", MADE)
def test_nor_has_the_terminal(circled, name):
    seen = titled(for_audience(MADE[name], "student", NOON, "2026-10-01"))
    console = Console(record=True, width=200, file=io.StringIO())
    terminal(seen, "en", console, texts(seen))
    said = re.sub(r"https://\S+", "", console.export_text())
    assert strange([said], seen) == []


@pytest.mark.parametrize("name", MADE)
def test_nor_have_markdown_and_the_annotated_notebook(circled, name):
    seen = titled(for_audience(MADE[name], "student", NOON, "2026-10-01"))
    book = json.loads(notebook(seen, SUBMISSION, CAPTURE, "en", texts(seen)))
    ours = [c["source"] for c in book["cells"] if "feedback" in c["metadata"].get("tags", ())]
    assert ours
    said = [markdown(seen, "en", texts(seen)), *ours]
    assert strange([re.sub(r"https://\S+", "", text) for text in said], seen, CAPTURE) == []


def test_nor_have_the_reports_of_the_samples(circled, gallery):
    found = {}
    for exhibit in gallery.exhibits:
        seen = titled(exhibit.seen())
        page = html(
            seen, exhibit.submission, exhibit.capture, "en", texts(seen),
            assignment=course_in_circles(exhibit.assignment),
        )  # fmt: skip
        words = strange(Heard(page).said, seen, exhibit.submission, exhibit.capture)
        if words:
            found[exhibit.name] = words
    assert found == {}


def test_a_word_from_elsewhere_is_noticed(circled):
    seen = titled(RESULT)
    page = html(seen, SUBMISSION, CAPTURE, "en", texts(seen))
    for added in ("<p>Your mark</p>", '<p aria-label="Your mark"></p>', "<b>оценка</b>"):
        assert strange(Heard(page.replace("</main>", f"{added}</main>")).said, seen) != []


def test_places_and_addresses_are_no_words():
    assert pseudo("a {name} at https://x.y/z") == "ⓐ {name} ⓐⓣ https://x.y/z"
    assert PLACE.findall(pseudo("{count} of {max}")) == ["count", "max"]
