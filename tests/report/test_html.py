import base64
import hashlib
import itertools
import re
from dataclasses import replace

import pytest

from grader.model.observation import CellObservation, Output, Raised, RunInfo
from grader.model.result import Plotted, Shown
from grader.model.submission import Message, Submission, SubmittedCell
from grader.report import for_audience, html
from grader.report.code import highlight
from grader.report.prose import title_markup
from grader.report.views import check_view

from .page import Page
from .samples import CAPTURE, RESULT, SUBMISSION, TEXTS, finding, png


def page(result=RESULT, submission=SUBMISSION, capture=CAPTURE, language="en"):
    return html(result, submission, capture, language, TEXTS[language])


@pytest.fixture(scope="module", params=["en", "zh", "ru"])
def shown(request):
    return page(language=request.param)


def test_the_page_is_well_formed_and_only_ours(shown):
    assert Page(shown).strange == []


def test_nothing_is_loaded_and_nothing_runs(shown):
    read = Page(shown)
    assert "script" not in read.tags
    assert all(link.startswith(("#", "https://docs.pytorch.org/")) for link in read.links)
    assert all(picture.startswith("data:image/png;base64,") for picture in read.pictures)
    assert not re.search(r"url\(|@import", shown)


def test_the_policy_allows_our_style_and_pictures_in_the_page_and_nothing_else(shown):
    style = re.search(r"<style>(.*?)</style>", shown, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert Page(shown).policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert " style=" not in shown


def test_links_inside_the_page_lead_somewhere_and_ids_are_unique(shown):
    read = Page(shown)
    assert len(set(read.ids)) == len(read.ids)
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)


def test_headings_go_down_one_step_at_a_time(shown):
    levels = Page(shown).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-Hans"), ("ru", "ru")])
def test_the_page_says_its_language(language, tag):
    assert Page(page(language=language)).lang == tag


def test_four_exercises_take_less_than_120_kilobytes():
    no_pictures = re.sub(r"data:image/png;base64,[^\"]*", "", page())
    assert len(no_pictures.encode()) < 120_000


def test_a_status_is_said_in_words_and_by_a_sign():
    text = Page(page()).text
    for word in ("not right yet", "undecided", "skipped", "missing", "passed", "partly right"):
        assert word in text
    for sign in "✓✗≈–?◐":
        assert sign in text


def test_expected_and_actual_stand_beside_each_other_with_the_worst_place():
    text = Page(page()).text
    assert "[ 0.0,  4.0,  8.0, 12.0]" in text
    assert "[ 0.0,  8.0, 16.0, 24.0]" in text
    assert "Farthest off is [3]: yours is 24, expected is 12; that is off by 100 %." in text
    assert "index [3]: 1.26×10⁷ ULP away" in text
    assert "explains a difference of up to 4.3×10⁻⁶" in text
    assert "<mark>12.0</mark>" in page()


def test_the_line_of_a_finding_is_marked_and_linked():
    shown = page()
    assert '<a class="where" href="#e2-c3">See line 4</a>' in shown
    marked = r'<span class="l m">(<i aria-hidden="true">4</i>)?y\.backward\(\)\n</span>'
    numbers = [found[1] for found in re.finditer(marked, shown)]
    assert [bool(number) for number in numbers] == [True, False]  # the finding's, the whole cell's


def test_locked_cells_are_not_shown_as_the_students_own():
    assert "arange" not in Page(page()).text


def test_the_code_of_an_exercise_that_passed_is_folded():
    folds = re.findall(r'<details class="fold code"( open)?>', page())
    assert folds == ["", " open", " open", " open"]


def test_outputs_and_pictures_are_there_with_words_for_pictures():
    shown = page()
    assert "tensor([ 0.,  8., 16., 24.])" in Page(shown).text
    assert 'alt="Picture 1 drawn by this cell, 2 curves: sin x, sin x"' in shown


def test_an_error_is_folded_and_without_escapes():
    shown = page()
    assert re.search(r'<details class="error"><summary>.*RuntimeError: grad can be', shown)
    assert "\x1b" not in shown
    assert "0;31m" not in shown


def test_how_the_run_went_is_said_in_plain_words():
    for status, words in (
        ("timeout", "ran out of time"),
        ("out_of_memory", "ran out of memory"),
        ("crashed", "Python stopped"),
        ("refused", "was not run"),
    ):
        text = Page(page(replace(RESULT, run=RunInfo(status)))).text
        assert text.count(words) == 2  # at the top, and among the facts


def test_a_result_that_was_not_graded_has_no_score_and_its_reason_is_the_instructors():
    result = replace(RESULT, status="not_graded", reason="dot-gradient")
    assert "progress" not in Page(page(result)).tags
    assert "<code>dot-gradient</code>" in page(result)
    student = page(replace(for_audience(result, "student", None, None), reason="dot-gradient"))
    assert "<code>dot-gradient</code>" not in student
    assert "could not be graded" in student


def test_facts_about_the_machine_are_for_the_instructor():
    assert "namespaces, seccomp" in page()
    assert "namespaces" not in page(for_audience(RESULT, "student", None, None))


def test_a_notebook_with_its_own_names_shows_the_cells_that_findings_speak_of():
    cells = tuple(replace(cell, exercise=None, name=None) for cell in SUBMISSION.cells)
    text = Page(page(submission=Submission(cells, own_names=True))).text
    assert "torch.cos(t)" in text
    assert "def f(a)" not in text


def test_the_page_stands_without_a_capture_and_with_an_empty_result():
    assert Page(page(capture=None)).strange == []
    empty = replace(RESULT, exercises=(), notices=(), max_score=0.0, student=None, as_of=None)
    assert Page(html(empty, Submission(()), None, "en")).strange == []


def test_an_exercise_without_visible_checks_says_so():
    bare = replace(RESULT.exercises[0], checks=(), status="not_graded")
    assert "nothing to show" in page(replace(RESULT, exercises=(bare,)))


@pytest.mark.parametrize(
    "source",
    ["\n\nx = 1\n", "x = 1\r\ny = 2\r\n", "x = '''\na\n'''", "a\x0cb\nc", "x\u2028y\nz", "\t"],
)
def test_line_numbers_are_pythons(source):
    lines, _ = highlight(source)
    python = source.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    assert [line.number for line in lines] == list(range(1, len(python) + 1))


def with_outputs(*outputs):
    cell = replace(CAPTURE.cells[6], outputs=outputs)
    return replace(CAPTURE, cells=(*CAPTURE.cells[:6], cell))


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"GIF89a" + b"\0" * 100,
        b"<svg onload=alert(1)>",
        png()[:8] + b"<script>alert(1)</script>",
        png()[:16] + (60_000).to_bytes(4, "big") * 2 + png()[24:],
        png()[:16] + (0).to_bytes(4, "big") * 2 + png()[24:],
        png() + b"\0" * 400_000,
    ],
    ids=["empty", "gif", "svg", "not-a-header", "a-bomb", "no-size", "too-large"],
)
def test_what_is_not_a_sound_png_is_refused_in_words(bad):
    shown = page(capture=with_outputs(Output("image", png=bad)))
    assert Page(shown).pictures == []
    assert "A picture is not shown" in shown


def test_pictures_are_bounded_in_all():
    many = with_outputs(*(Output("image", png=png() + b"\0" * 390_000) for _ in range(40)))
    shown = page(capture=many)
    assert 1 < len(Page(shown).pictures) < 20
    assert "too many on this page" in shown


def test_a_thousand_cells_stay_a_page():
    cells = tuple(
        SubmittedCell(at, "code", f"x = {at}  # " + "y" * 3000, exercise="backward-twice", name="n")
        for at in range(1000)
    )
    seen = tuple(
        CellObservation(
            at,
            "error",
            outputs=(Output("stdout", "z" * 99_999),) * 50,
            error=Raised("E", "t" * 99_999, 1),
        )
        for at in range(1000)
    )
    shown = page(submission=Submission(cells), capture=replace(CAPTURE, cells=seen))
    assert len(shown) < 800_000


def test_messages_with_code_are_marked_up_and_their_parameters_inert():
    check = finding("c", "failed", Message("check.value.differs", {"value": "<b>x</b>"}))
    exercise = replace(RESULT.exercises[0], checks=(check,))
    shown = page(replace(RESULT, exercises=(exercise,)))
    assert "<code>&lt;b&gt;x&lt;/b&gt;</code> is not the expected value" in shown


def test_code_in_an_authors_title_is_marked_up():
    assert title_markup("`x` < `y`") == "<code>x</code> &lt; <code>y</code>"
    assert title_markup("a `stray") == "a `stray"


@pytest.mark.parametrize("plotted", [None, Plotted((0.0, 1.0), (0.0, 1.0), (0.0, 2.0))])
@pytest.mark.parametrize(
    ("dtype", "said"), [("float32", ["", "float32"]), ("int64", ["float64", "int64"])]
)
def test_the_precision_of_what_is_expected_is_not_shown_where_another_would_do(
    plotted, dtype, said
):
    check = finding(
        "curve",
        status="failed",
        expected=Shown("tensor", "float64", (2,), (0.0, 1.0), 2),
        actual=Shown("tensor", dtype, (2,), (0.0, 2.0), 2),
        plotted=plotted,
    )
    view = check_view(check, RESULT.exercises[0], "en", instructor=False)
    assert [side.dtype for side in view.sides] == said


@pytest.mark.parametrize(("language", "heading"), [("en", "2. A vector"), ("ru", "2. Вектор")])
def test_code_stands_under_the_heading_that_its_reader_knows(language: str, heading: str) -> None:
    first, *rest = RESULT.exercises
    cell = next(c for c in SUBMISSION.cells if c.exercise == first.id and c.name and not c.locked)
    named = replace(first, parts={cell.name: {"en": "2. A vector", "ru": "2. Вектор"}})
    shown = page(replace(RESULT, exercises=(named, *rest)), language=language)
    assert f"<span>{heading}</span>" in shown
    assert f"<code>{cell.name}</code>" in page(language=language)
    assert f"<code>{cell.name}</code>" not in shown
