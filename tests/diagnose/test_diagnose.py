from dataclasses import replace

import numpy as np
import pytest

from grader.diagnose.trials import Trial, places, told
from grader.model.exercise import EventCheck
from tests.check.builders import X, backward, event, leaf_tensor, tensor
from tests.diagnose.cases import (
    CASES,
    GRADIENT,
    NONE,
    ONCE,
    PASS,
    RESULT,
    Case,
    diagnosed,
    gave,
    once,
    raised,
    twice,
)

FREED = "Trying to backward through the graph a second time"


def ids(case):
    return [one.id for one in diagnosed(case)]


def test_at_most_two_are_named_and_the_surest_comes_first():
    for case in CASES.values():
        found = diagnosed(case)
        assert len(found) <= 2
        assert [one.confidence for one in found] == sorted(
            (one.confidence for one in found), reverse=True
        )


def test_twice_the_gradient_without_a_second_pass_is_a_factor_and_no_accumulation():
    assert ids(Case(gave(np.multiply(ONCE, 2), once))) == ["constant-factor"]


def test_the_evidence_is_the_students_own_numbers():
    (first, *_) = diagnosed(CASES["accumulated-gradient"])
    said = {"value": "x_gradient", "before": 8.0, "actual": 16.0, "expected": 8.0, "places": 4}
    assert first.params == said


def test_an_answer_of_yes_or_no_is_told_as_one():
    no, yes = np.asarray(0.0), np.asarray(1.0)
    said = Trial("close", "run", no, yes, "close(…)", dtype="bool").numbers()
    assert said == {"value": "close(…)", "actual": "False", "expected": "True"}
    assert Trial("close", "run", no, yes, "close(…)", dtype="int64").numbers()["actual"] == 0.0


@pytest.mark.parametrize(
    ("actual", "expected", "shown"),
    [
        ([np.inf, 1.0, 5.0], [np.inf, 2.0, 2.0], (5.0, 2.0)),
        ([np.nan, 1.0, 5.0], [np.nan, 2.0, 5.0], (1.0, 2.0)),
        ([np.inf, 1.0, np.inf], [np.inf, 9.0, 4.0], ("inf", 4.0)),
        ([np.inf, np.inf], [np.inf, -np.inf], ("inf", "-inf")),
        ([[np.nan, 1.0], [np.nan, 2.0]], [[np.nan, 1.0], [0.0, 2.0]], ("nan", 0.0)),
    ],
)
def test_the_numbers_that_are_shown_are_not_the_same(actual, expected, shown):
    said = Trial("y", "run", np.array(actual), np.array(expected), "y").numbers()
    assert (said["actual"], said["expected"]) == shown


def test_the_places_are_those_of_the_answer_that_is_shown():
    run, again = (Trial("y", label, np.zeros(4), np.ones(4), "y") for label in ("run", "vary/0"))
    named = told("cleared-after-reading", 0.9, [run, again])
    assert named is not None
    assert (named.params["places"], places([run, again])) == (4, 8)


def test_a_gradient_added_to_another_functions_is_accumulated_too():
    second = backward(leaf_tensor(X), ONCE, before=[1.0, 1.0, 1.0, 1.0], serial=1)
    assert ids(Case(gave(np.add(ONCE, 1), once, second)))[0] == "accumulated-gradient"


def test_what_an_early_pass_left_behind_is_found_after_later_ones():
    later = backward(leaf_tensor(X), ONCE, before=np.multiply(ONCE, 2), serial=2)
    twofold = replace(GRADIENT, expect="twofold")
    case = Case(gave(np.multiply(ONCE, 3), once, twice, later), checks=(PASS, twofold))
    assert ids(case)[0] == "accumulated-gradient"


def test_an_exception_that_was_asked_for_is_no_misconception():
    wanted = EventCheck(id="freed", event="pass", raised=FREED)
    wrong = CASES["sign-flipped"].checks[1]
    case = Case(raised(FREED, names={"x_gradient": tensor(ONCE)}), checks=(wanted, wrong))
    assert "graph-freed" not in ids(case)


def test_an_exception_on_a_leaf_is_about_the_leaf():
    leaf = leaf_tensor(X)
    text = "grad can be implicitly created only for scalar outputs"
    tried = event(roots=(leaf,), error=raised(text).error)
    assert ids(Case(raised(text, tried)))[0] == "backward-on-leaf"


def test_a_leaf_that_no_pass_reached_was_cut_off():
    elsewhere = backward(leaf_tensor([1.0], id=77), [1.0])
    assert ids(Case(gave(NONE, elsewhere)))[0] == "detached-early"


def test_a_leaf_whose_own_pass_raised_was_not_cut_off():
    elsewhere = backward(leaf_tensor([1.0], id=77), [1.0])
    text = "grad can be implicitly created only for scalar outputs"
    tried = event(1, roots=(RESULT,), error=raised(text).error)
    case = Case(gave(NONE, elsewhere, tried))
    assert ids(case)[0] == "scalar-output-required"
    assert "detached-early" not in ids(case)


def test_weights_where_ones_were_wanted():
    passed = backward(leaf_tensor(X), np.multiply(ONCE, X), root=RESULT, gradients=(tensor(X),))
    (first, *_) = diagnosed(Case(gave(np.multiply(ONCE, X), passed)))
    assert first.id == "wrong-cotangent"
    assert (first.params["used"], first.params["wanted"]) == ("[1, 2, 3, 4]", "[1, 1, 1, 1]")


def test_hostile_numbers_are_no_evidence():
    for wrong in ([np.nan] * 4, [np.inf] * 4, [0.0] * 4):
        assert ids(Case(gave(wrong, once, twice))) == []
    for wrong in ([[1.0, 2.0]], []):
        assert ids(Case(gave(wrong, once, twice))) == ["wrong-shape"]


def test_answers_without_a_pass_come_from_a_formula():
    waiting = replace(GRADIENT, needs=("pass",))
    formula = Case(gave(ONCE), checks=(PASS, waiting), source="x_gradient = 2 * x")
    assert ids(formula) == ["derivative-by-formula"]
