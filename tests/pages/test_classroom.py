"""The class's page in a real Chromium: seen, sorted, filtered, printed, and read out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.classroom import line, overview
from grader.diagnose import ids, texts
from grader.report import LANGUAGES
from grader.report.classroom import class_page
from tests.classroom.samples import klass
from tests.pages.browser import PHONE, Browser

Make = Callable[..., Path]
NUMBERS = """name => {
  const heads = [...document.querySelectorAll('#table thead th')];
  const at = heads.findIndex(head => head.innerText.trim() === name);
  return [...document.querySelectorAll('#table tbody tr')].filter(row => !row.hidden)
    .map(row => row.cells[at].dataset.v === undefined ? null : Number(row.cells[at].dataset.v));
}"""
NAMES = """() => [...document.querySelectorAll('#table tbody tr')]
  .filter(row => row.offsetHeight > 0).map(row => row.cells[0].textContent)"""
TOLD = "() => document.querySelector('[role=status]').textContent"
SORTED = """() => [...document.querySelectorAll('#table th[aria-sort]')]
  .filter(head => head.getAttribute('aria-sort') !== 'none')
  .map(head => [head.innerText.trim(), head.getAttribute('aria-sort')])"""


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Writes the page of a class of `n` in a language, once."""
    folder = tmp_path_factory.mktemp("classroom")

    def page(n: int, language: str = "en") -> Path:
        path = folder / f"{n}.{language}.html"
        if not path.exists():
            lines = [line(grade) for grade in klass(n, seed=5)]
            made = class_page(
                overview("autograd", lines),
                language,
                misconceptions={id: texts(id, language)["title"] for id in ids()},
                links={one.key: f"reports/{one.key}.html" for one in lines if one.attempts},
                made="2026-10-02T08:00:00+00:00",
            )
            path.write_text(made, encoding="utf-8")
        return path

    return page


def click(page: Any, column: str) -> None:
    page.get_by_role("columnheader", name=column, exact=True).get_by_role("button").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_violation_and_no_event(
    browser: Browser, make: Make, language: str, scheme: str
) -> None:
    with browser.open(make(60, language), scheme=scheme) as seen:
        for all_open in (False, True):
            seen.page.evaluate(
                "open => document.querySelectorAll('details').forEach(d => { d.open = open })",
                all_open,
            )
            assert seen.axe() == []
        assert seen.did() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_violation_and_no_scrolling_sideways_on_a_phone(
    browser: Browser, make: Make, language: str
) -> None:
    with browser.open(make(60, language), size=PHONE) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        assert seen.axe() == []
        assert seen.did() == []


def test_rows_that_stand_alone_are_still_a_table(browser: Browser, make: Make) -> None:
    with browser.open(make(200)) as seen:
        page = seen.page
        assert (
            page.evaluate("getComputedStyle(document.querySelector('#table tr')).display") == "grid"
        )
        assert page.get_by_role("table").last.get_by_role("row").count() == 202
        row = page.get_by_role("table").last.get_by_role("row").nth(5)
        heads = page.get_by_role("table").last.get_by_role("columnheader").count()
        assert row.get_by_role("rowheader").count() + row.get_by_role("cell").count() == heads
        edges = """at => [
            ...document.querySelectorAll(`#table tr:nth-child(-n+9) > :nth-child(${at})`)]
          .map(cell => Math.round(cell.getBoundingClientRect().left))"""
        for at in range(1, heads + 1):
            assert len(set(page.evaluate(edges, at))) == 1, "columns line up"
        assert seen.axe() == []
        assert seen.did() == []


def test_a_class_of_nobody_is_shown(browser: Browser, make: Make) -> None:
    with browser.open(make(0)) as seen:
        assert seen.axe() == []
        assert seen.did() == []


def test_columns_sort_both_ways_and_say_so(browser: Browser, make: Make) -> None:
    with browser.open(make(60)) as seen:
        page = seen.page
        assert page.evaluate(SORTED) == [["Student", "ascending"]]
        click(page, "Mark")
        up = page.evaluate(NUMBERS, "Mark")
        known = [mark for mark in up if mark is not None]
        assert known == sorted(known)
        assert up[len(known) :] == [None] * (len(up) - len(known)) != []  # who has none comes last
        assert page.evaluate(SORTED) == [["Mark", "ascending"]]
        assert "Sorted by Mark, ascending" in page.evaluate(TOLD)
        click(page, "Mark")
        down = page.evaluate(NUMBERS, "Mark")
        assert down[: len(known)] == known[::-1]
        assert down[len(known) :] == up[len(known) :]
        assert page.evaluate(SORTED) == [["Mark", "descending"]]
        head = page.get_by_role("columnheader", name="Seconds", exact=True).get_by_role("button")
        head.focus()
        page.keyboard.press("Enter")
        seconds = [s for s in page.evaluate(NUMBERS, "Seconds") if s is not None]
        assert seconds == sorted(seconds)
        assert seen.did() == []


def test_names_sort_as_the_language_has_it(browser: Browser, make: Make) -> None:
    with browser.open(make(200, "ru")) as seen:
        names = seen.page.evaluate(NAMES)
        assert names == seen.page.evaluate(
            "names => [...names].sort(new Intl.Collator('ru', {numeric: true}).compare)", names
        )


def test_students_are_found_by_name_state_and_misconception(browser: Browser, make: Make) -> None:
    with browser.open(make(60)) as seen:
        page = seen.page
        total = len(page.evaluate(NAMES))
        page.get_by_label("Find a name").fill("ANNA")
        assert page.evaluate(NAMES)
        assert all("Anna" in name for name in page.evaluate(NAMES))
        page.get_by_label("Find a name").fill("no such person")
        assert page.evaluate(NAMES) == []
        assert page.evaluate(TOLD).startswith(f"Shown: 0 of {total}.")
        page.get_by_role("button", name="Reset").click()
        page.wait_for_function("document.querySelectorAll('#table tr[hidden]').length === 0")
        for option in page.locator("#state option").all_inner_texts()[1:]:
            page.get_by_label("Show", exact=True).select_option(label=option)
            counted = re.search(r"\((\d+)\)$", option)
            assert counted is not None
            assert len(page.evaluate(NAMES)) == int(counted[1])
        page.get_by_role("button", name="Reset").click()
        button = page.get_by_role("button", name="Show whose").first
        button.click()
        row = page.locator(".misconceptions tbody tr").first
        assert len(page.evaluate(NAMES)) == int(row.locator("td").nth(1).inner_text())
        assert page.evaluate("document.activeElement.id") == "students-head"
        assert seen.did() == []


def test_all_is_there_without_the_script_and_no_control_that_does_nothing(
    browser: Browser, make: Make, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.html"
    page = make(60).read_text("utf-8")
    plain.write_text(re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL), encoding="utf-8")
    with browser.open(plain) as seen:
        assert len(seen.page.evaluate(NAMES)) == 61
        assert seen.page.locator("input:visible, select:visible, .quiet:visible").count() == 0


def test_print_loses_nothing(browser: Browser, make: Make) -> None:
    with browser.open(make(200), scheme="dark") as seen:
        page = seen.page
        page.emulate_media(media="print", color_scheme="dark")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("[...document.querySelectorAll('details')].every(d => d.open)")
        assert len(page.evaluate(NAMES)) == 201
        box = page.evaluate(
            "(() => { const b = document.querySelector('.tall'); "
            "return [getComputedStyle(b).overflowY, b.scrollHeight - b.clientHeight]; })()"
        )
        assert box == ["visible", 0]
        assert (
            page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        )
        assert page.locator(".tools:visible, nav:visible").count() == 0


def test_hostile_names_change_nothing(browser: Browser, make: Make) -> None:
    from playwright.sync_api import Error

    with browser.open(make(60)) as seen:
        page = seen.page
        assert page.title() == "Automatic differentiation: class report"
        assert page.locator("#table img, #table script").count() == 0
        assert page.locator("script").count() == 1
        for armed in ("setAttribute('onclick', 'document.title = 1')", "innerHTML = '<b>b</b>'"):
            with pytest.raises(Error, match="Trusted"):  # the policy is in force
                page.evaluate(f"document.querySelector('h1').{armed}")
