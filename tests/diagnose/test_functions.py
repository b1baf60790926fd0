"""What is said of functions: by the gradients they were given, by their quotients and passes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.diagnose.arrays import Array, short
from tests.diagnose.error_cases import NO, YES, function
from tests.diagnose.number_cases import CALLS, Called, V, W, X, Y, called

A = np.array


def first(case: Called) -> str:
    return next((named.id for named in called(case)), "")


# What a caller's tensors hold in their `.grad`.

BOTH = [({"a": a, "b": b}, A([b, a]), A([b, a])) for a, b in ((X, V), (Y, W))]
SOURCE = (
    "def slopes(a, b):\n    a.requires_grad_()\n    b.requires_grad_()\n"
    "    torch.dot(a, b).backward()\n    return torch.stack([a.grad, b.grad])"
)


def slopes(*added: float, held: tuple[int, ...] = (1,)) -> Called:
    """Both gradients of a dot product, and in each case something that is too much."""
    cases = [(i, right, right + more) for (i, right, _), more in zip(BOTH, added, strict=True)]
    return Called(cases, SOURCE, name="slopes", held=held)


def test_what_a_callers_grad_held_is_too_much() -> None:
    (named, *_) = called(slopes(0, 1))
    assert named.id == "accumulated-gradient"
    assert named.params["before"] == 1


@pytest.mark.parametrize(
    "case",
    [slopes(0, 1, held=()), slopes(0, 1, held=(0,)), slopes(1, 1), slopes(0, 2), slopes(1, 0)],
    ids=["none held", "in another case", "in both cases", "more than it held", "where none was"],
)
def test_a_surplus_that_no_grad_held_was_not_accumulated(case: Called) -> None:
    assert first(case) != "accumulated-gradient"


def test_one_gradient_of_several_is_too_much_by_its_own() -> None:
    cases = [({"a": a, "b": b}, b, b + more) for a, b, more in ((X, V, 0), (Y, W, 1))]
    source = SOURCE.replace("torch.stack([a.grad, b.grad])", "a.grad")
    assert first(Called(cases, source, name="slopes", held=(1,))) == "accumulated-gradient"


# Limits that grow with the numbers, and limits that do not.


@pytest.mark.parametrize(
    ("body", "is_absolute"),
    [
        ("    return bool(((a - b).abs() < 1e-5).all())", True),
        ("    return bool(((a - b).abs() / 2 < 1e-5).all())", True),
        ("    return bool((a - b).abs().sum() / len(a) < 1e-5)", True),
        ("    n = a.numel()\n    return bool((a - b).abs().sum() / n < 1e-5)", True),
        ("    return torch.allclose(a, b)", True),
        ("    return bool(((a / b - 1).abs() <= 1e-5).all())", False),
        ("    r = (a - b).abs() / b.abs()\n    return bool((r < 1e-5).all())", False),
        ("    s = b.abs()\n    r = (a - b).abs() / s\n    return bool((r < 1e-5).all())", False),
        ("    d = a - b\n    d /= b\n    return bool((d.abs() < 1e-5).all())", False),
        ("    return bool((torch.div(a - b, b).abs() < 1e-5).all())", False),
        ("    return bool(((a * b.reciprocal() - 1).abs() < 1e-5).all())", False),
        ("    return torch.allclose(a / b, torch.ones_like(b))", False),
        ("    return bool((off(a, b) < 1e-5).all())", False),
    ],
)
def test_a_limit_of_a_relative_difference_is_not_fixed(body: str, is_absolute: bool) -> None:
    source = f"def off(x, y):\n    return (x - y).abs() / y.abs()\ndef f(a, b):\n{body}"
    named = function(source, NO, YES).alone("absolute-tolerance")
    assert (named is not None) is is_absolute


def test_a_no_where_yes_is_right_is_another_function() -> None:
    no = [({"x": x}, right, said) for x, right, said in ((X, True, False), (Y, False, False))]
    case = Called(no, "def close(x):\n    return bool((x / x).min() > 1)", name="close")
    assert first(replace(case, dtype="bool")) == "wrong-function"
    zeros = [({"x": x}, right, 0.0) for x, right in ((X, 1.0), (Y, 0.0))]
    assert first(replace(case, cases=zeros)) == ""


# Weights of passes in functions.


def hessian(x: Array) -> Array:
    """Of (x₀ + x₁ + …)² x₀."""
    first_ = np.eye(len(x))[0]
    return 2 * x[0] + 2 * x.sum() * (first_[:, None] + first_[None, :])


TWICE = (
    "def slope(x, v):\n    leaf = x.detach().clone().requires_grad_()\n"
    "    (g,) = torch.autograd.grad(leaf.sum() ** 2 * leaf[0], leaf, create_graph=True)\n    "
)


@pytest.mark.parametrize(
    ("work", "is_unweighted"),
    [
        ("return torch.autograd.grad(g.sum(), leaf)[0] @ v", True),
        ("g.sum().backward()\n    return leaf.grad @ v", True),
        ("return torch.autograd.grad(g, leaf, torch.ones_like(x))[0] @ v", True),
        ("return torch.autograd.grad(g @ v, leaf)[0].sum()", False),
        ("w = g * v\n    return torch.autograd.grad(w.sum(), leaf)[0].sum()", False),
        ("return torch.autograd.grad(g, leaf, grad_outputs=v)[0].sum()", False),
    ],
)
def test_a_second_pass_without_the_direction_has_ones_for_it(
    work: str, is_unweighted: bool
) -> None:
    cases = [
        ({"x": x, "v": v}, v @ hessian(x) @ v, hessian(x).sum(0) @ v) for x, v in ((X, V), (Y, W))
    ]
    named = called(Called(cases, TWICE + work))
    assert ([one.id for one in named] == ["wrong-cotangent"]) is is_unweighted
    if is_unweighted:
        assert (named[0].params["used"], named[0].params["wanted"]) == ("[1, 1, 1, 1]", short(V))


def test_a_row_of_second_derivatives_without_its_weights() -> None:
    cases = [({"x": x, "v": v}, hessian(x) @ v, hessian(x).sum(0)) for x, v in ((X, V), (Y, W))]
    case = Called(cases, f"{TWICE}return torch.autograd.grad(g.sum(), leaf)[0]")
    assert first(case) == "wrong-cotangent"
    other = [(inputs, expected, 1.1 * ones) for inputs, expected, ones in cases]
    assert first(replace(case, cases=other)) != "wrong-cotangent"


def test_the_weights_that_are_wanted_are_those_of_the_outputs_and_not_the_point() -> None:
    (named, *_) = called(CALLS["wrong-cotangent"])
    assert (named.params["used"], named.params["wanted"]) == ("[1, 1]", short(V[:2]))
