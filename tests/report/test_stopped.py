"""What a reader is told of cells that stopped, of runs that broke off, of files that are no use."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from grader.languages import LANGUAGES
from grader.model.observation import RunInfo
from grader.model.result import Diagnosis, ExerciseResult
from grader.model.submission import Message, Submission
from grader.report import for_audience, html, markdown, notebook, terminal
from grader.report.ending import ending
from grader.report.stopped import of_the_whole, stopped
from grader.report.summary import todo

from .page import Page
from .samples import RESULT, SUBMISSION, TEXTS, finding

PARAMS = {
    "exercise": "ex",
    "index": 3,
    "begins": "def slope(a):",
    "code": "b = f(a)",
    "line": 2,
    "error": "ValueError: no",
    "answer": "",
}
STOP = Message("notice.stopped.syntax", PARAMS)
ERROR = Message("notice.stopped.error", PARAMS)
ABSENT = finding("absent", "missing", Message("check.value.absent", {"value": "v", "cell": "c"}))


def result(*stops, checks=(ABSENT,), status="missing", diagnoses=(), **more):
    made = ExerciseResult("ex", {"en": "Ex"}, 0.0, 1.0, status, checks, diagnoses)
    other = replace(made, id="other", title={"en": "Other"}, status="missing", diagnoses=())
    made = replace(RESULT, exercises=(other, made), notices=stops, **more)
    return for_audience(made, "student", None, None)


def ways(result, language="en", submission=SUBMISSION):
    out = StringIO()
    terminal(result, language, Console(file=out, width=2000), TEXTS[language])
    told = json.loads(notebook(result, submission, None, language, TEXTS[language]))
    cells = " ".join(c["source"] for c in told["cells"] if c["cell_type"] == "markdown")
    page = Page(html(result, submission, None, language, TEXTS[language])).text
    words = (out.getvalue(), markdown(result, language, TEXTS[language]), cells, page)
    return [" ".join(each.replace("\\", "").replace("`", "").split()) for each in words]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("how", ["error", "letter", "syntax", "timeout", "crashed"])
def test_where_no_check_says_that_a_cell_stopped_its_exercise_does(how, language):
    with_stop = ways(result(Message(f"notice.stopped.{how}", PARAMS)), language)
    without = ways(result(), language)
    for told, silent in zip(with_stop, without, strict=True):
        assert told.count("b = f(a)" if how not in ("crashed",) else "def slope(a):") == 1
        assert "b = f(a)" not in silent


def test_an_exercise_with_a_cell_that_stopped_is_not_one_without_an_answer():
    for told in ways(result(STOP)):
        assert told.count("no answer: a cell stopped") >= 1
    first, second = todo(result(STOP), "en", {})
    assert (first.number, first.what) == (2, "A cell is not valid Python")
    assert (second.number, second.what) == (1, "no answer found")


def test_an_error_that_a_check_quotes_or_a_diagnosis_explains_is_said_once():
    quoted = Message("check.value.after_error", {"type": "ValueError", "text": "no"})
    elsewhere = replace(ABSENT, message=quoted, cell=4)
    here = replace(elsewhere, cell=3)
    explains = Diagnosis("graph-freed", 0.9, ("absent",), {"code": "b = f(a)"})
    another = replace(explains, params={"code": "c = f(a)"})
    for checks, diagnoses, said in (
        ((elsewhere,), (another,), 1),
        ((here,), (), 0),
        ((elsewhere,), (explains,), 0),
    ):
        one = result(ERROR, checks=checks, status="failed", diagnoses=diagnoses)
        assert len(stopped(one, one.exercises[1], diagnoses)) == said
    # Where nothing but its status is shown of an exercise, no check has said it.
    one = result(ERROR, checks=(here,))
    assert all("ValueError: no" in told for told in ways(one)[:3])


def test_notices_of_the_whole_notebook_are_told_without_those_of_its_exercises():
    whole = Message("notice.metadata-lost")
    one = result(whole, *[STOP] * 12)
    assert of_the_whole(one) == (whole,)
    assert len(stopped(one, one.exercises[1], ())) == 3
    assert stopped(one, one.exercises[0], ()) == ()


@pytest.mark.parametrize(
    ("status", "cells", "id"),
    [
        ("completed", ["ok", "error"], "run.completed"),
        ("crashed", ["ok", "crashed", "not_run"], "run.crashed"),
        ("crashed", ["ok", "crashed", "not_run", "ok"], "run.crashed.later"),
        ("crashed", [], "run.crashed.nothing"),
        ("out_of_memory", ["crashed", "error"], "run.out_of_memory.later"),
        ("out_of_memory", ["ok", "crashed"], "run.out_of_memory"),
        ("timeout", ["timeout", "ok"], "run.timeout.later"),
        ("timeout", ["ok", "timeout", "not_run"], "run.timeout"),
    ],
)
def test_what_was_run_behind_the_cell_that_broke_off_is_not_said_to_be_lost(status, cells, id):
    seen = tuple((index, how, 0.1) for index, how in enumerate(cells))
    assert ending(replace(RESULT, run=RunInfo(status), cells=seen, score=0.0)).id == id


@pytest.mark.parametrize("audience", ["student", "instructor"])
def test_of_a_file_that_could_not_be_read_nothing_but_that_is_said(audience):
    absent = finding("gradient", "missing", Message("check.cell.absent", {"cell": "first-pass"}))
    made = result(
        Message("input.not-json", {"name": "hw.ipynb", "line": 3, "column": 1}),
        checks=(absent,),
        run=RunInfo("refused"),
        cells=(),
    )
    made = replace(made, audience=audience)
    for told in ways(made, submission=Submission(())):
        assert told.count("hw.ipynb is damaged") == 1
        assert "first-pass" not in told
        assert "no answer found" not in told


def test_the_name_that_the_shell_gives_a_cell_is_not_told():
    said = {"type": "SyntaxError", "text": "invalid syntax (3478135239.py, line 3)"}
    quoted = Message("check.value.after_error", {"value": "v", "cell": "c", **said})
    one = result(checks=(replace(ABSENT, status="failed", message=quoted),))
    for told in ways(one):
        assert "SyntaxError: invalid syntax" in told
        assert "3478135239" not in told
