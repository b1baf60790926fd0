"""The class's page: what it says, and what a hostile class can make of it."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.classroom import Line, line, overview
from grader.diagnose import ids, texts
from grader.report import LANGUAGES
from grader.report.classroom import class_page
from grader.report.classroom_views import letters
from grader.report.language import catalog
from tests.classroom.samples import HOSTILE, klass

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parents[2] / "grader"


def made(lines: list[Line], language: str = "en", **links: str) -> str:
    return class_page(
        overview("autograd", lines),
        language,
        misconceptions={id: texts(id, language)["title"] for id in ids()},
        links=links,
        made="2026-10-02T08:00:00+00:00",
    )


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    """Sixty students and every trouble."""
    return [line(grade) for grade in klass(60, seed=5)]


class Read(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.parts: dict[str, str] = {}
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside in ("script", "style"):
            self.parts[inside] = data
        else:
            self.text += data

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attrs for name, attrs in self.tags if name == tag)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_instructor_reads(language: str) -> None:
    page = made([line(grade) for grade in klass(14, seed=2)], language, s0010="reports/s0010.html")
    shown = re.sub(r"<(style|script)>.*?</\1>|'sha256-[^']*'", "", page, flags=re.DOTALL)
    path = GOLDEN / f"class.{language}.html"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text("utf-8")


def test_what_ran_without_walls_is_said_at_the_head_and_by_name(lines: list[Line]) -> None:
    bare = [replace(one, unwalled=one.key in ("s0020", "s0021")) for one in lines]
    read = Read(made(bare))
    assert '<dt>ran without isolation</dt><dd><a href="#runs">2</a></dd>' in made(bare)
    assert "Nothing kept these notebooks away" in read.text
    assert "isolation" not in Read(made([replace(one, unwalled=False) for one in lines])).text


def test_the_policy_allows_our_script_and_style_and_nothing_else(lines: list[Line]) -> None:
    read = Read(made(lines))
    (policy,) = (m["content"] for m in read.all("meta") if "http-equiv" in m)
    assert policy is not None
    for kind in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(read.parts[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
        assert len(list(read.all(kind))) == 1
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for _, attrs in read.tags:  # none of these would be allowed, and none is there
        assert not [name for name in attrs if name.startswith("on") or name in ("style", "src")]
    assert not re.search(r"\b(fetch|XMLHttp|import\(|innerHTML|eval)\b", read.parts["script"])
    assert "url(" not in read.parts["style"] and "@import" not in read.parts["style"]


def test_names_of_strangers_are_text(lines: list[Line]) -> None:
    page = made(lines)
    read = Read(page)
    assert {tag for tag, _ in read.tags}.isdisjoint({"img", "iframe", "object", "base", "link"})
    assert HOSTILE[0] in read.text
    assert "&lt;script&gt;document" in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b\ud800-\udfff]", page)
    assert "'=HYPERLINK" in read.text and "'＝1+1" in read.text  # inert in a spreadsheet too
    assert not re.search(r"<t[dh][^>]*>(<[^>]*>)*\s*[=＝+@]", page)
    assert "{{ 7*7 }}" in read.text
    assert "x" * 200 not in page
    page.encode("utf-8")


def test_links_lead_to_reports_that_are_there_and_only_there(lines: list[Line]) -> None:
    read = Read(made(lines, s0010="reports/a%20b.html"))
    leading = {a["href"] for a in read.all("a") if not str(a["href"]).startswith("#")}
    assert leading == {"reports/a%20b.html"}
    targets = {attrs.get("id") for _, attrs in read.tags}
    assert {str(a["href"])[1:] for a in read.all("a") if str(a["href"]).startswith("#")} <= targets


def test_charts_have_words_and_decoration_has_none(lines: list[Line]) -> None:
    for attrs in Read(made(lines)).all("svg"):
        assert attrs.get("aria-hidden") == "true" or (
            attrs["role"] == "img" and len(str(attrs["aria-label"])) > 8
        )


def test_headers_can_sort_and_every_row_has_a_cell_for_each(lines: list[Line]) -> None:
    page = made(lines)
    table = page[page.index('<table id="table">') :]
    heads = re.findall(
        r"<th scope=\"col\"[^>]*aria-sort=\"none\"[^>]*><button type=\"button\">", table
    )
    rows = re.findall(r"<tr data-state.*?</tr>", table, flags=re.DOTALL)
    assert len(rows) == len(lines)
    for row in rows:
        assert len(re.findall(r"<td", row)) + 1 == len(heads)
        assert row.count('<th scope="row">') == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_class_of_nobody_and_one_without_results_have_a_page(language: str) -> None:
    assert "<main" in made([], language)
    nothing = [Line("li", "", "", "missing")]
    assert "li" in made(nothing, language)
    pending = [Line("li", "李", "", "pending", attempt=1, attempts=1)]
    assert "李" in made(pending, language)


def test_many_misconceptions_have_different_signs() -> None:
    signs = letters(str(at) for at in range(80))
    assert len(set(signs.values())) == 80
    assert [signs["0"], signs["25"], signs["26"]] == ["A", "Z", "A2"]


def test_every_text_of_the_page_is_there_and_is_said() -> None:
    sources = [*ROOT.glob("report/classroom*.py"), *ROOT.glob("report/templates/classroom*.j2")]
    sources += [
        ROOT / "cli" / "overview.py",
        ROOT / "cli" / "classroom.py",
        ROOT / "cli" / "shown.py",
    ]
    code = "".join(path.read_text("utf-8") for path in sources)
    known = {str(m.id[0] if m.pluralizable else m.id) for m in catalog("en")}
    known = {id for id in known if id.startswith("class.")}
    said = set(re.findall(r'"(class\.[a-z._-]*[a-z])"', code))
    made_up = re.findall(r'f["\'](class\.[a-z._-]*)\{[^}]*\}([a-z.]*)["\']', code)
    made_up += re.findall(r'"(class\.[a-z._-]*)" ~ ()[a-z]', code)
    families = [
        re.compile(re.escape(head) + r"[a-z_-]+" + re.escape(tail)) for head, tail in made_up
    ]
    assert sorted(said - known - {"class.html"}) == []
    left = {id for id in known - said if not any(f.fullmatch(id) for f in families)}
    assert sorted(left) == []
