"""What is said of functions: by the gradients they were given, by their quotients and passes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.diagnose.number_cases import Called, V, W, X, Y, called

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
