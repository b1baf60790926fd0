import json
from dataclasses import replace

import nbformat
import pytest

from grader.model.exercise import Assignment
from grader.model.observation import Output
from grader.model.submission import Message, Submission, SubmittedCell
from grader.report import for_audience, markdown, notebook
from grader.report.markdown import code, escaped, filled

from .samples import CAPTURE, RESULT, SUBMISSION, TEXTS, finding

STUDENT = for_audience(RESULT, "student", RESULT.as_of, "2027-12-01")
EVIL = "<img src=x onerror=alert(1)> [a](javascript:1) `b` **c** $x$ \u202e"


def made(result=STUDENT, submission=SUBMISSION, capture=CAPTURE, language="en"):
    data = notebook(result, submission, capture, language, TEXTS[language])
    read = nbformat.reads(data, as_version=4)
    nbformat.validate(read)
    return read


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_feedback_stands_behind_the_last_cell_of_each_exercise(language):
    cells = made(language=language).cells
    order = [cell.id for cell in cells]
    assert order.index("feedback-backward-twice") == order.index("cell-3") + 1
    assert order.index("feedback-sin-derivative-plot") == len(order) - 1
    assert order[0] == "feedback"


def test_the_notebook_holds_what_ran_and_what_it_printed():
    cells = {cell.id: cell for cell in made().cells}
    assert cells["cell-3"].source == SUBMISSION.cells[3].source
    assert cells["cell-3"].outputs[0].text == "tensor([ 0.,  8., 16., 24.])\n"
    assert cells["cell-5"].outputs[0].ename == "RuntimeError"
    assert list(cells["cell-6"].outputs[0].data) == ["image/png"]


def test_the_feedback_says_what_the_page_says():
    told = next(c.source for c in made().cells if c.id == "feedback-backward-twice")
    for words in (
        "The gradient was accumulated",
        "What to try next",
        "    x.grad = None",
        "Farthest off is `[3]`: yours is `24`, expected is `12`",
        "2 \\/ 4",
    ):
        assert words in told


def test_nothing_that_runs_is_in_the_notebook():
    outputs = (
        Output("stdout", "\x1b[31m<script>alert(1)</script>"),
        Output("image", png=b"<svg onload=alert(1)>"),
        Output("result", EVIL),
    )
    cell = replace(CAPTURE.cells[6], outputs=outputs)
    capture = replace(CAPTURE, cells=(*CAPTURE.cells[:6], cell))
    read = made(capture=capture)
    assert all("svg" not in json.dumps(c.get("outputs", [])) for c in read.cells)
    kinds = {kind for c in read.cells for o in c.get("outputs", []) for kind in o.get("data", {})}
    assert kinds <= {"text/plain", "image/png"}
    assert "trusted" not in json.dumps(read.metadata)


def test_metadata_and_attachments_of_a_stranger_do_not_come_back():
    cells = (
        *SUBMISSION.cells,
        SubmittedCell(7, "markdown", "half \ud800 a character", id="x" * 500),
        SubmittedCell(8, "raw", "<b>raw</b>"),
    )
    read = made(submission=Submission(cells))
    assert [cell.metadata for cell in read.cells if cell.id.startswith("cell-")] == [{}] * 9


def with_message(text):
    check = finding("c", "failed", Message("check.event.raised", {"type": "E", "text": text}))
    return replace(STUDENT, exercises=(replace(STUDENT.exercises[0], checks=(check,)),))


def test_a_strangers_words_are_no_markup_in_markdown():
    said = markdown(with_message(EVIL), "en")
    assert "<img" not in said.replace("`E: <img", "")  # inside code it is text
    assert "`b`" not in said
    assert "\u202e" not in said
    assert escaped("<b>*x*</b> [l](u)") == r"\<b\>\*x\*\<\/b\> \[l\]\(u\)"
    assert code("a`b") == "`a'b`"
    assert filled("{x} and `{x}`", {"x": "`*<"}, "en") == "\\`\\*\\< and `'*<`"


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_markdown_says_score_first_things_and_reasons(language):
    said = markdown(STUDENT, language, TEXTS[language])
    assert said.startswith("# autograd\\-1\n")
    assert TEXTS[language]["accumulated-gradient"].title in said
    assert "HIDDEN" not in said
    assert "77777" not in said


def test_both_are_headed_by_the_assignments_title_where_there_is_one():
    named = Assignment(id="autograd-1", title={"en": "All of `it`"}, exercises=())
    assert markdown(RESULT, "en", assignment=named).startswith("# All of `it`\n")
    assert markdown(RESULT, "en").startswith("# autograd\\-1\n")
    for assignment, title in ((named, "## All of it\n"), (None, "## autograd\\-1\n")):
        data = notebook(RESULT, SUBMISSION, CAPTURE, "en", assignment=assignment)
        assert json.loads(data)["cells"][0]["source"].startswith(title)


def test_a_student_sees_nothing_hidden_in_the_notebook():
    data = notebook(STUDENT, SUBMISSION, CAPTURE, "en", TEXTS["en"]).decode()
    for secret in ("HIDDEN", "77777", "hidden-vary", "typed-constant", "The numbers were typed in"):
        assert secret not in data
