"""What a call is given, and what it left of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grader.inside.inputs import Before, build


def given(**more: object) -> torch.Tensor:
    arrays = {"n": np.array([1.0, 2.0]), "g": np.array([1.0, 1.0])}
    value = {"kind": "tensor", "dtype": "float32", "shape": [2], "data": "n"}
    made = build(value | more, arrays)
    assert isinstance(made, torch.Tensor)
    return made


GRAD = {"kind": "tensor", "dtype": "float32", "shape": [2], "data": "g"}


@pytest.mark.parametrize("requires_grad", [True, False])
def test_a_tensor_may_come_with_a_gradient(requires_grad: bool) -> None:
    made = given(requires_grad=requires_grad, grad=GRAD)
    assert made.requires_grad is requires_grad
    assert made.grad is not None and made.grad.tolist() == [1, 1]
    assert given().grad is None


def test_what_is_only_read_is_as_it_was() -> None:
    x = given(requires_grad=True)
    before = Before({"x": x, "n": 3})
    torch.autograd.grad((x.detach().clone().requires_grad_() ** 2).sum() + (x**2).sum(), x)
    assert before.changed() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.requires_grad_(),
        lambda x: x.add_(1),
        lambda x: x.data.add_(1),
        lambda x: x.resize_(1),
        lambda x: setattr(x, "data", torch.eye(2)),
        lambda x: setattr(x, "grad", torch.ones(2)),
        lambda x: x.numpy().sort(),
    ],
)
def test_what_was_changed_is_named(change) -> None:
    x, y = given(), given()
    x.mul_(-1)
    before = Before({"x": x, "y": y})
    change(x)
    assert before.changed() == ["x"]


def test_a_gradient_that_grew_is_a_change() -> None:
    x = given(requires_grad=True, grad=GRAD)
    before = Before({"x": x})
    (x**2).sum().backward()
    assert before.changed() == ["x"]
