"""Whatever strangers hand in: nothing runs, and the page says of marks what it would have said."""

from __future__ import annotations

import pytest

from grader.report import html
from tests.pages.browser import ARMED, STRANGE, UNFOLD
from tests.pages.conftest import ALL
from tests.pages.hostile import CASES, LIVE, LOOKS, PICTURES, WORDS, infested, pictured

# What the page says of marks, as it is to be seen: hidden text is not in `innerText`.
MARKS = f"""() => {{ {UNFOLD}; return [...document.querySelectorAll(
    '.score, .marks li, section.card > .head, .check .line')]
  .map(e => [e.innerText.trim(), e.checkVisibility(), e.closest('[id]')?.id]) }}"""


def some(cases):
    """All of them in `make verify-pages`, every sixth in a quick run; tests/report has them too."""
    return list(cases)[:: 1 if ALL else 6]


def page(tmp_path, made):
    file = tmp_path / "report.html"
    file.write_text(html(*made, "en", WORDS), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def harmless(browser, tmp_path_factory):
    """What the same page says of marks when nothing in it is hostile."""
    with browser.open(page(tmp_path_factory.mktemp("harmless"), infested("x"))) as seen:
        said = seen.page.evaluate(MARKS)
    assert len(said) > 10
    assert any("4" in text and "9" in text for text, *_ in said)
    return said


@pytest.mark.parametrize("name", some(LIVE))
def test_where_strangers_are_trusted_it_does_something_and_that_is_noticed(browser, tmp_path, name):
    file = tmp_path / "trusting.html"
    file.write_text(f"<!doctype html><body>{LIVE[name]}</body>", encoding="utf-8")
    with browser.open(file) as seen:
        assert seen.settle(600)


@pytest.mark.parametrize("name", ["style that hides", "marks in front", "a row of its own"])
def test_where_strangers_are_trusted_the_marks_change(browser, tmp_path, harmless, name):
    """So the comparison with the harmless page sees it."""
    file = page(tmp_path, infested("PLACE"))
    text = file.read_text("utf-8").replace("PLACE", LOOKS[name])
    file.write_text(text.replace("Content-Security-Policy", "nothing"), encoding="utf-8")
    with browser.open(file) as seen:
        assert seen.page.evaluate(MARKS) != harmless or seen.page.evaluate(ARMED)


@pytest.mark.parametrize("name", some(CASES))
def test_in_a_report_nothing_runs_and_the_marks_stand(browser, tmp_path, harmless, name):
    with browser.open(page(tmp_path, infested(CASES[name]))) as seen:
        seen.touch()
        assert seen.settle(5) == []
        assert seen.page.evaluate(ARMED) == []
        assert seen.page.evaluate(STRANGE) == []
        assert seen.page.evaluate(MARKS) == harmless


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_is_none_is_not_shown_and_one_is_only_a_picture(browser, tmp_path, name):
    with browser.open(page(tmp_path, pictured(PICTURES[name]))) as seen:
        seen.touch()
        assert seen.settle(5) == []
        broken = "[...document.images].filter(i => !i.complete || !i.naturalWidth).length"
        assert name == "the beginning of a PNG" or seen.page.evaluate(broken) == 0
        assert seen.page.evaluate(STRANGE) == []
