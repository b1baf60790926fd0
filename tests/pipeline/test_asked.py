"""Which corrections of an exercise need another run, and which are judged from what is there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.model.exercise import CallCheck, Draw, Exercise, TensorCheck
from grader.pipeline import asked
from tests.check.builders import exercise

CALL = CallCheck(
    id="f", cell="answer", function="f", inputs=({"x": Draw(shape=(3,))},), expect="square"
)
VALUE = TensorCheck(id="z", cell="answer", value="z", expect="square")


def questions(call: CallCheck = CALL, value: TensorCheck = VALUE) -> dict[str, str]:
    made: Exercise = exercise(value, call)
    return asked(made)


@pytest.mark.parametrize(
    "call",
    [
        replace(CALL, untouched=("x",)),
        replace(CALL, inputs=({"x": Draw(shape=(3,), grad=True)},)),
        replace(CALL, inputs=({"x": Draw(shape=(4,))},)),
        replace(CALL, function="g"),
    ],
)
def test_another_question_of_a_call_needs_another_run_of_it_alone(call: CallCheck) -> None:
    before, now = questions(), questions(call=call)
    assert {name for name in now if now[name] != before[name]} == {"call:f"}


def test_what_was_not_looked_at_before_needs_another_run() -> None:
    before, now = questions(), questions(value=replace(VALUE, in_place=True))
    assert {name for name in now if now[name] != before[name]} == {"cells"}


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (replace(CALL, requires_grad=False, points=3.0), VALUE),
        (CALL, replace(VALUE, requires_grad=True, shape=(3,))),
    ],
)
def test_the_rest_is_judged_from_what_is_there(call: CallCheck, value: TensorCheck) -> None:
    assert questions(call, value) == questions()


def test_what_is_asked_is_known_again_later() -> None:
    """Digests stand in gradebooks: those of questions that did not change may not change."""
    assert questions() == {"cells": "cb4d360371970b4d", "call:f": "f5187efdbf2c6736"}
