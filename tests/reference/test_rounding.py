"""What is learnt of a reference besides its value: its noise, and its other sides at a kink."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from grader.model.expectation import Expectation, Request
from grader.model.value import Value
from grader.reference.evaluate import evaluate
from grader.reference.jitter import jittered


def answer(function, dtype="float32", subgradients=(), **roles) -> Expectation:
    values = {k: Value("tensor", dtype, np.shape(v), np.asarray(v)) for k, v in roles.items()}
    module = SimpleNamespace(f=function, SUBGRADIENTS=subgradients)
    request = Request("k", "e", "f", values, dtype)
    try:
        return evaluate(request, lambda exercise, dtype: module)
    finally:
        torch.set_default_dtype(torch.float32)


def gradient(function):
    def f(x):
        x = x.detach().clone().requires_grad_()
        return torch.autograd.grad(function(x).sum(), x)[0]

    return f


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_zero_that_comes_of_cancelling_has_noise_and_another_has_none(dtype):
    def f(x):
        return torch.stack([x.sum() - x.numel() * x.mean(), 0 * x[0]])

    found = answer(f, dtype, x=np.array([1.0, 2.0, 4.0]))
    assert found.exact.data.tolist() == found.own.data.tolist() == [0.0, 0.0]
    ulp = np.finfo(dtype).eps
    assert ulp / 4 < found.spread[0] < 64 * ulp
    assert found.spread[1] == 0


def test_operations_of_the_backward_pass_round_too():
    x = torch.ones(3, dtype=torch.float64)
    plain = gradient(torch.sin)(x)
    noisy = jittered(lambda: gradient(torch.sin)(x), 2.0**-24, 1)
    assert 0 < (noisy - plain).abs().max() < 1e-6
    assert torch.equal(noisy, jittered(lambda: gradient(torch.sin)(x), 2.0**-24, 1))


def test_what_moves_numbers_rounds_nothing_and_the_students_generator_is_left_alone():
    x = torch.arange(4.0, dtype=torch.float64)
    state = torch.get_rng_state()
    moved = jittered(lambda: torch.cat([x.flip(0), -x.clone()]).reshape(2, 4).T, 0.1, 1)
    assert torch.equal(moved, torch.cat([x.flip(0), -x]).reshape(2, 4).T)
    assert torch.equal(torch.get_rng_state(), state)


def test_at_a_kink_the_other_side_is_known_where_the_author_says_so():
    relu = gradient(torch.relu)
    x = np.array([0.0, 2.0, -1.0])
    assert answer(relu, x=x).limits is None
    found = answer(relu, subgradients=("f",), x=x)
    assert found.exact.data.tolist() == [0, 1, 0]
    assert found.limits.tolist() == [[1, 1, 0]]


def test_at_a_tie_each_of_the_two_may_get_all_of_it():
    found = answer(gradient(torch.max), subgradients=("f",), x=np.array([3.0, 1.0, 3.0]))
    assert found.exact.data.tolist() == [0.5, 0, 0.5]
    assert sorted(found.limits.tolist()) == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (torch.sin, [0.0, 1.0]),
        (lambda t: torch.where(t == 0, t, t.abs().log()), [0.0, 1.0]),  # a pole
    ],
)
def test_what_is_smooth_or_has_no_limit_has_no_other_side(function, x):
    assert answer(gradient(function), subgradients=("f",), x=np.array(x)).limits is None


def test_a_reference_that_does_not_bear_the_noise_has_its_answer_all_the_same():
    def f(x):
        if torch.cos(x[0]) != 1:
            raise ArithmeticError("the cosine of zero")
        return x + 2

    found = answer(f, x=np.array([0.0]))
    assert found.exact.data.tolist() == [2.0] and found.spread.tolist() == [0.0]
