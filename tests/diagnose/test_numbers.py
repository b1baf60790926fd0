"""Each misconception that is told by numbers comes first on its own case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.diagnose.words import FIELDS, PLACE, texts
from tests.diagnose.number_cases import CALLS, CELLS, RIGHT_CELL, Called, called, celled


def found(id):
    return called(CALLS[id]) if id in CALLS else celled(CELLS[id])


@pytest.mark.parametrize("id", sorted({*CALLS, *CELLS}))
def test_a_mistake_is_named_first_and_its_texts_are_filled(id):
    named = found(id)
    assert [one.id for one in named][:1] == [id], [(one.id, one.confidence) for one in named]
    first = named[0]
    assert 0 < first.confidence <= 1
    assert first.checks
    for language in ("en", "zh", "ru"):
        for field in FIELDS:
            assert set(PLACE.findall(texts(id, language)[field])) <= set(first.params)


@pytest.mark.parametrize("id", sorted(CALLS))
def test_the_same_function_with_right_answers_gets_no_name(id):
    case = CALLS[id]
    right = [(inputs, expected, expected) for inputs, expected, _ in case.cases]
    assert called(replace(case, cases=right)) == ()


def test_a_right_cell_gets_no_name():
    assert celled(RIGHT_CELL) == ()


def test_numbers_that_no_mistake_explains_get_no_cause():
    (inputs, expected, _), *_ = CALLS["sign-flipped"].cases
    odd = expected * [0.31, -0.77, 0.05, 1.9]
    named = called(Called([(inputs, expected, odd)]))
    assert all(one.confidence < 0.6 for one in named)
