"""What looks like a mistake and is the trace of another one gets no name of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grader.diagnose import ranked
from grader.diagnose.catalogue import none_has_no_zero
from grader.model.exercise import ChoiceCheck, EventSelector
from grader.model.observation import Raised
from grader.model.result import Diagnosis
from tests.check.builders import X, backward, cell, event, figure, leaf_tensor, tensor
from tests.diagnose import error_cases
from tests.diagnose.cases import CASES, NONE, ONCE, PASS, Case, diagnosed, gave
from tests.diagnose.error_cases import passed
from tests.diagnose.number_cases import CALLS, CELLS, TABLE, Called, Celled, called, celled, one
from tests.diagnose.number_cases import X as AT


def ids(named):
    return [one.id for one in named]


def test_a_curve_that_was_moved_is_no_part_of_the_range():
    case = CELLS["half-a-period"]
    for x in (np.linspace(1, 7.28, 50), np.linspace(-3, 3, 50), np.full(50, 2.5)):
        assert "half-a-period" not in ids(
            celled(replace(case, more={"figures": (figure((x, x)),)}))
        )


def test_a_mean_over_the_right_axis_and_then_of_all_is_no_wrong_axis():
    case = CALLS["wrong-axis"]
    cases = [(inputs, wanted, wanted / inputs["x"].shape[0]) for inputs, wanted, _ in case.cases]
    source = "def slope(x):\n    return torch.func.grad(lambda t: t.mean({}).mean())(x)"
    of_rows = replace(case, cases=cases, source=source.format("dim=1"))
    assert "wrong-axis" not in ids(called(of_rows))
    of_columns = replace(case, cases=cases, source=source.format("dim=0"))
    assert ids(called(of_columns))[0] == "wrong-axis"


def test_a_total_of_another_axis_may_begin_with_zero():
    rows = [({"x": TABLE}, np.array([0.0, 1.0, 5.0]), np.array([2.0, 4.0]))] * 2
    case = Called(rows, "def slope(x):\n    return x.sum(dim=0)")
    assert ids(called(case))[0] == "wrong-axis"


def test_a_row_without_its_zero_was_not_added_up_along_another_axis():
    rows = [({"x": TABLE}, np.array([0.0, 1.0, 5.0]), np.array([1.0, 5.0]))] * 2
    case = Called(rows, "def slope(x):\n    return x.sum(dim=0)")
    assert "wrong-axis" not in ids(called(case))


def test_added_rows_that_no_pass_made_are_no_vjp():
    case = replace(
        CALLS["vjp-for-jacobian"], source="def slope(x):\n    return (f(x + h) - f(x)) / h"
    )
    assert "vjp-for-jacobian" not in ids(called(case))


def test_a_sum_from_which_no_pass_began_was_not_summed_first():
    case = CELLS["summed-first"]
    assert "summed-first" not in ids(celled(replace(case, events=())))


def test_without_a_gradient_there_is_no_step_of_an_update():
    case = replace(CELLS["wrong-update"], source="x = x + step", events=())
    assert "wrong-update" not in ids(celled(case))


def test_nobody_types_in_what_is_no_number():
    case = CASES["typed-in-constant"]
    (varied,) = case.variations
    nothing = gave([np.nan] * 4)
    case = replace(case, source="x_gradient = torch.zeros(4)\nx_gradient += x.grad")
    varied = replace(varied, cells=(varied.cells[0], nothing))
    assert "typed-in-constant" not in ids(
        diagnosed(replace(case, answer=nothing, variations=(varied,)))
    )


def test_another_input_explains_no_answer_to_a_question():
    case = error_cases.CASES["replaced-inputs"]
    (finding,) = case.findings
    assert case.alone("replaced-inputs") is not None
    asked = ChoiceCheck(
        id=finding.check, cell="answer", value="why", options=("a", "b"), answer="a"
    )
    assert replace(case, checks=(asked,)).alone("replaced-inputs") is None


def test_one_pass_goes_over_no_graph_again():
    case = error_cases.CASES["rebuilt-graph"]
    kept = event(serial=0, api="grad", roots=(tensor(1.0),), line=2)
    answer = cell(1, case.answer.names, events=(kept, passed(1, 3)))
    of_backward = {"again": EventSelector(cell="answer", api="backward", again=True)}
    assert replace(case, events=of_backward).alone("rebuilt-graph") is not None
    assert replace(case, events=of_backward, answer=answer).alone("rebuilt-graph") is None


def test_a_leaf_that_stands_in_no_formula_was_not_detached():
    elsewhere = backward(leaf_tensor([1.0], id=77), [1.0])
    formula = "y = 2 * w\ny.sum().backward()\nx_gradient = x.grad"
    assert ids(diagnosed(Case(gave(NONE, elsewhere)))) == ["detached-early"]
    assert "detached-early" not in ids(diagnosed(Case(gave(NONE, elsewhere), source=formula)))


def test_a_product_with_a_gradient_that_is_wrong_itself_is_no_folklore():
    source = "y.sum().backward()\nx_gradient = 2 * x.grad\nproduct = x.grad * z"
    pass_ = backward(leaf_tensor(X), ONCE)
    inputs = {"x": leaf_tensor(X), "z": tensor(X)}

    def named(expected):
        product = tensor(np.multiply(ONCE, X))
        case = Celled({"product": product}, {"product": expected}, (pass_,), source, inputs=inputs)
        return ids(celled(case))

    assert named(np.asarray(ONCE)) == ["folk-multiplication"]
    assert "folk-multiplication" not in named(np.array([5.0, 1.0, 7.0, 3.0]))


def test_a_coefficient_that_is_another_number_is_no_missing_term():
    source = "def slope(x):\n    return 3 * x + 5 * x**2"
    case = one(lambda x: 3 * x + 2 * x**2, lambda x: 3 * x + 5 * x**2, source)
    assert ids(called(case)) == ["constant-factor"]


def test_a_number_inside_a_function_is_no_coefficient():
    source = "def slope(x):\n    return torch.sin(2 * x)"
    case = one(np.sin, lambda x: np.sin(2 * x), source)
    assert "constant-factor" not in ids(called(case))


def test_a_coefficient_that_a_function_of_ones_own_lacks_is_no_missing_term():
    source = "def formula(x):\n    return 3 * x + x**2\n\ny = formula(x)"
    wrong, right = 3 * AT + AT**2, 3 * AT + 2 * AT**2
    assert ids(celled(Celled({"y": tensor(wrong)}, {"y": right}, source=source))) == [
        "constant-factor"
    ]


def test_of_two_names_for_the_same_checks_the_surer_is_given():
    sure = Diagnosis("accumulated-gradient", 0.96, ("a",))
    other = Diagnosis("sum-for-mean", 0.91, ("a",))
    more = Diagnosis("wrong-slice", 0.9, ("a", "b"))
    assert ranked([other, sure]) == (sure,)
    assert ranked([other, sure, more]) == (sure, more)


def test_what_only_explains_a_check_that_was_skipped_is_no_mistake_beside():
    skipped = Diagnosis("one-number", 0.9, ("waits",))
    reason = Diagnosis("derivative-by-formula", 0.85, ("pass",))
    vague = Diagnosis("derivative-by-formula", 0.7, ("pass",))
    assert ranked([skipped, reason], ("pass",)) == (reason,)
    assert ranked([skipped, vague], ("pass",)) == (skipped,)
    general = Diagnosis("wrong-function", 0.6, ("waits",))
    stopped = Diagnosis("cell-stopped", 0.45, ("pass",))
    assert ranked([general, stopped], ("pass",)) == (stopped,)
    assert ranked([general], ("pass",)) == ()


def test_a_gradient_that_an_earlier_cell_was_to_fill_is_no_zeroing_of_none():
    case = error_cases.CASES["none-has-no-zero"]
    stopped = replace(cell(0, case.before), status="error", error=Raised("ValueError", "no", 1))
    assert case.alone("none-has-no-zero") is not None
    late = case.facts()
    cells = (stopped, *(one for one in late.capture.cells if one.cell))
    late = replace(late, capture=replace(late.capture, cells=cells))
    assert none_has_no_zero.match(late) is None


def test_a_pass_over_numbers_that_were_typed_in_was_not_detached():
    case = CASES["typed-in-constant"]
    ended = Raised("RuntimeError", "element 0 of tensors does not require grad", 2)
    refused = event(roots=(tensor(ONCE),), error=ended, line=2)
    answer = replace(gave(ONCE, refused), status="error", error=ended)
    source = "x_gradient = torch.tensor([2.0, 4.0, 6.0, 8.0])\nx_gradient.sum().backward()"
    named = diagnosed(replace(case, answer=answer, source=source, checks=(PASS, *case.checks)))
    assert ids(named) == ["typed-in-constant"]
