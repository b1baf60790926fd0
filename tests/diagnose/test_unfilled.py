"""A None or a wrong number that the code around it explains, where no name kept the reason."""

import pytest

from grader.model.observation import Raised
from grader.model.result import Shown
from tests.check.builders import X, backward, cell, leaf_tensor, tensor
from tests.diagnose.error_cases import CASES, Built, found, function, value

LEAF = "    leaf = t.detach().clone().requires_grad_()\n"
PASS = "    (leaf * leaf).sum().backward()\n"
NO_GRADIENT = ("'NoneType' object has no attribute 'clone'", "AttributeError")


def named(body: str) -> list[str]:
    case = function(f"def f(t):\n{body}    return leaf.grad", None, None, "call.returned_none")
    return [one.id for one in case.diagnosed()]


def test_a_function_without_a_pass_has_no_gradient_to_return():
    assert named(LEAF)[0] == "no-gradient"


def test_what_grad_returns_was_thrown_away():
    assert named(LEAF + "    torch.autograd.grad((leaf * leaf).sum(), leaf)\n")[0] == "no-gradient"


def test_a_pass_in_a_function_that_it_calls_is_a_pass():
    helper = "def g(y):\n    y.backward()\n"
    source = f"{helper}def f(t):\n{LEAF}    g(leaf.sum())\n    return leaf.grad"
    case = function(source, None, None, "call.returned_none")
    assert "no-gradient" not in [one.id for one in case.diagnosed()]


@pytest.mark.parametrize(
    ("made", "id"),
    [
        ("t.detach().requires_grad_().clone()", "gradient-of-a-clone"),
        ("t.clone().requires_grad_()", "gradient-of-a-clone"),
        ("t.detach().requires_grad_().double()", "not-a-leaf"),
    ],
)
def test_a_result_that_was_taken_for_a_leaf(made, id):
    assert named(f"    leaf = {made}\n{PASS}")[0] == id


def test_a_real_leaf_with_a_pass_is_not_blamed():
    assert not {"no-gradient", "not-a-leaf", "gradient-of-a-clone"} & set(named(LEAF + PASS))


def stopped(source: str, *events) -> list[str]:
    text, kind = NO_GRADIENT
    error = Raised(kind, text, 2)
    names = {"x": leaf_tensor(X)}
    missing = found("gradient", "value.after_error", "missing", value="x_gradient")
    answer = cell(1, names, status="error", error=error, events=events)
    return [one.id for one in Built(source, (missing,), answer=answer).diagnosed()]


def test_a_cell_that_stopped_at_a_missing_gradient():
    assert stopped("y = x * x\nx_gradient = x.grad.clone()")[0] == "no-gradient"


def test_a_cell_that_stopped_after_a_pass_that_went_past_its_input():
    elsewhere = backward(leaf_tensor([1.0], id=77), [1.0])
    source = "(x.detach() * w).sum().backward()\nx_gradient = x.grad.clone()"
    assert stopped(source, elsewhere)[0] == "detached-early"


def test_a_name_that_nobody_reads_stands_for_the_one_that_is_asked_for():
    absent = found("gradient", "value.absent", "missing", value="x_gradient")
    source = "y = x * x\ny.sum().backward()\nmy_answer = x.grad"
    (first, *_) = value(source, absent, my_answer=tensor(X)).diagnosed()
    assert first.id == "right-value-under-another-name"
    assert first.params == {"value": "x_gradient", "name": "my_answer"}


def test_two_spare_names_are_no_answer():
    absent = found("gradient", "value.absent", "missing", value="x_gradient")
    source = "one = x * x\nother = x + x"
    assert value(source, absent).alone("right-value-under-another-name") is None


def test_an_input_with_the_very_numbers_that_were_given_was_not_replaced():
    case = CASES["replaced-inputs"]
    same = Built(case.source, case.findings, case.checks, cell(1, {"x": leaf_tensor(X)}))
    assert same.alone("replaced-inputs") is None


def test_ones_like_an_input_is_another_input():
    case = CASES["replaced-inputs"]
    source = case.source.replace("torch.tensor([5.0], requires_grad=True)", "torch.ones_like(x)")
    ones = Built(source, case.findings, case.checks, case.answer)
    assert ones.alone("replaced-inputs") is not None


@pytest.mark.parametrize(
    ("quotient", "is_one"),
    [
        ("((t + 0.1) * (t + 0.1) - t * t).detach() / 0.1", True),
        ("(t * t - t).detach() / 0.1", False),
    ],
)
def test_a_difference_quotient_behind_detach(quotient, is_one):
    wrong = Shown("tensor", "float32", (1,), (2.1,), 1)
    case = function(f"def f(t):\n    return {quotient}", wrong, wrong)
    assert (case.alone("finite-differences") is not None) == is_one
