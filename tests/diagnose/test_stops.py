"""That a cell of the student's stopped is said as it happened, whatever checks look at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from grader.diagnose.stops import MESSAGES, notices
from grader.model.exercise import Assignment, ChoiceCheck, EventCheck, EventSelector, Exercise
from grader.model.observation import CellObservation, Raised
from grader.model.submission import Message
from tests.check.builders import capture, cell, exercise, submission
from tests.diagnose.error_cases import CASES

WHY = ChoiceCheck(id="why", cell="answer", value="why", options=("a", "b", "c"))


def told(
    source: str, seen: CellObservation, made: Exercise | None = None, **more: Any
) -> tuple[Message, ...]:
    asked = Assignment(id="hw", title={}, exercises=(made or exercise(WHY),))
    return notices(asked, submission("import torch", source, **more), capture(cell(0), seen))


def raised(type: str, text: str, line: int | None = None) -> CellObservation:
    return cell(1, status="error", error=Raised(type, text, line))


def one(found: tuple[Message, ...], how: str) -> dict[str, Any]:
    (message,) = found
    assert message.id == f"notice.stopped.{how}"
    assert set(message.params) == set(MESSAGES[message.id])
    return dict(message.params)


@pytest.mark.parametrize(
    ("source", "type", "text", "line", "where", "said"),
    [
        # What is open at the end: the shell names the last line, Python the bracket.
        (
            "y = x\ny.sum().backward(\ng = x.grad.clone()",
            "SyntaxError",
            "incomplete input (3478135239.py, line 3)",
            3,
            (2, "y.sum().backward("),
            "'(' was never closed",
        ),
        (
            "def f(a):",
            "_IncompleteInputError",
            "incomplete input (3478135239.py, line 1)",
            1,
            (1, "def f(a):"),
            "expected an indented block after function definition on line 1",
        ),
        (
            "def slope(a):\nb = f(a)",
            "IndentationError",
            "expected an indented block after function definition on line 1 (12.py, line 2)",
            2,
            (2, "b = f(a)"),
            "expected an indented block after function definition on line 1",
        ),
        # Where a line of the shell's own is in the way, Python's parser does not know better.
        (
            "%matplotlib inline\ny = f(\nx",
            "SyntaxError",
            "incomplete input (1.py, line 3)",
            3,
            (3, "x"),
            "incomplete input",
        ),
    ],
)
def test_a_cell_that_is_no_python_is_told_by_the_line_where_the_mistake_stands(
    source, type, text, line, where, said
):
    params = one(told(source, raised(type, text, line)), "syntax")
    assert (params["line"], params["code"]) == where
    assert params["error"] == said
    assert ".py" not in str(params)


BADLY_INDENTED = "for k in range(3):\n        step(k)\n    if k % 2: print(k)"


@pytest.mark.parametrize("above", ["", "\n\n"])
def test_a_line_that_only_the_errors_text_names_is_the_one(above):
    text = "unindent does not match any outer indentation level (<tokenize>, line 3)"
    params = one(told(above + BADLY_INDENTED, raised("IndentationError", text)), "syntax")
    assert (params["line"], params["code"]) == (3 + len(above), "if k % 2: print(k)")
    assert "tokenize" not in str(params["error"])


@pytest.mark.parametrize("place", ["", " (<tokenize>, line 40)"])
def test_where_the_error_names_no_line_of_the_cell_the_parser_does(place):
    text = f"unindent does not match any outer indentation level{place}"
    params = one(told(BADLY_INDENTED, raised("IndentationError", text)), "syntax")
    assert (params["line"], params["code"]) == (3, "if k % 2: print(k)")


def test_a_syntax_error_that_was_raised_by_a_cell_that_ran_is_an_error_like_others():
    seen = raised("SyntaxError", "'return' outside function (1.py, line 2)", 2)
    assert one(told("x = 1\nreturn x", seen), "error")["code"] == "return x"


def test_a_loop_that_does_not_end_is_no_error_of_the_cell():
    source = "x = 1\nwhile x:\n    x += 1"
    interrupted = cell(1, status="timeout", error=Raised("KeyboardInterrupt", "", 3))
    params = one(told(source, interrupted), "timeout")
    assert (params["begins"], params["code"], params["error"]) == ("x = 1", "x += 1", "")
    # A kernel that had to be ended tells no line: then the loop itself is shown.
    assert one(told(source, cell(1, status="timeout")), "timeout")["code"] == "while x:"


def test_a_cell_in_which_python_stopped_is_told():
    assert one(told("import os; os._exit(1)", cell(1, status="crashed")), "crashed")


@pytest.mark.parametrize(
    ("source", "name", "how"),
    [
        ("why = c", "c", "letter"),
        ("why = C", "C", "letter"),
        ("why = d", "d", "error"),  # no option
        ("other = c", "c", "error"),  # no question
        ("why = f(c)", "c", "error"),  # no answer
    ],
)
def test_a_bare_letter_is_told_to_want_quotation_marks(source, name, how):
    params = one(told(source, raised("NameError", f"name '{name}' is not defined", 1)), how)
    assert params["answer"] == ('why = "c"' if how == "letter" else "")


def test_an_error_is_told_in_one_line_and_without_a_colon_that_nothing_follows():
    params = one(told("x = 1\nassert x > 2", raised("AssertionError", "", 2)), "error")
    assert (params["error"], params["code"]) == ("AssertionError", "assert x > 2")
    params = one(told("f()", raised("ValueError", "\n`" * 9 + "z" * 900, 1)), "error")
    assert "`" not in str(params)
    assert len(str(params["error"])) <= 80


def test_what_ran_what_was_asked_for_and_what_is_not_the_students_is_not_told():
    freed = "Trying to backward through the graph a second time"
    again = EventCheck(id="again", event="again", raised=freed)
    seen = raised("RuntimeError", f"{freed} (or …)", 1)
    for where, count in (("answer", 0), (None, 0), ("inputs", 1)):
        made = exercise(again, events={"again": EventSelector(cell=where)})
        assert len(told("y.backward()", seen, made)) == count
    assert told("y = x", cell(1)) == ()
    assert told("y = x", cell(1, status="not_run")) == ()
    assert told("y = x", seen, own_names=True) == ()
    locked = replace(seen, cell=0)
    asked = Assignment(id="hw", title={}, exercises=(exercise(WHY),))
    assert notices(asked, submission("import torch", "y"), capture(locked, cell(1))) == ()


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("x.backward(", raised("SyntaxError", "incomplete input (1.py, line 1)", 1)),
        ("while True: pass", cell(1, status="timeout", error=Raised("KeyboardInterrupt", "", 1))),
    ],
)
def test_no_misconception_is_made_of_such_a_cell(source, seen):
    assert replace(CASES["cell-stopped"], source=source, answer=seen).alone("cell-stopped") is None


def test_a_very_long_expression_is_no_trouble() -> None:
    long = " + ".join(["1"] * 1500)
    found = told(f"why = c\ny = {long}", raised("NameError", "name 'c' is not defined", 1))
    assert one(found, "letter")["answer"] == 'why = "c"'


def test_a_syntax_error_of_what_was_given_to_eval_is_no_cell_that_is_not_python() -> None:
    text = "unexpected EOF while parsing (<string>, line 1)"
    found = told("files = !ls\ny = eval('1+')", raised("SyntaxError", text, 2))
    assert "SyntaxError" in one(found, "error")["error"]


def test_where_no_line_is_known_none_is_named() -> None:
    found = told("x = '\0'", raised("SyntaxError", "source code string cannot contain null bytes"))
    assert "null bytes" in one(found, "error")["error"]
