"""Another slope at a kink is named where all else is right, and no other mistake is called so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.diagnose.number_cases import CALLS, Called, X, called

CLAMPED = CALLS["another-subgradient"]
A = np.array
TIES = A([1.0, 3.0, 3.0])


def ids(named):
    return [one.id for one in named]


def of_largest(expected, returned, source):
    right = A([0.0, 0.0, 0.0, 1.0])
    return Called([({"x": np.sort(X)}, right, right), ({"x": TIES}, expected, returned)], source)


@pytest.mark.parametrize("shares", [A([0.0, 1.0, 0.0]), A([0.0, 0.0, 1.0]), A([0.0, 0.3, 0.7])])
def test_ties_may_share_a_gradient_in_several_ways(shares):
    source = "def slope(x):\n    return torch.func.grad(lambda t: t.max(dim=0).values)(x)"
    named = called(of_largest(A([0.0, 0.5, 0.5]), shares, source))
    assert ids(named)[0] == "another-subgradient"


def test_tied_elements_that_get_too_much_are_no_subgradient():
    source = "def slope(x):\n    return (x == x.max()).double()"
    named = called(of_largest(A([0.0, 0.5, 0.5]), A([0.0, 1.0, 1.0]), source))
    assert "another-subgradient" not in ids(named)


def test_the_place_that_is_told_is_the_one_whose_numbers_are():
    (first, *_) = called(CLAMPED)
    assert (first.params["place"], first.params["actual"], first.params["expected"]) == (0, 1, 0)


def test_a_wrong_number_beside_the_kink_is_another_mistake():
    cases = [*CLAMPED.cases, ({"x": A([0.0, 5.0])}, A([0.0, 1.0]), A([1.0, 0.9]))]
    assert "another-subgradient" not in ids(called(replace(CLAMPED, cases=cases)))


def test_code_without_a_kink_has_none():
    smooth = replace(CLAMPED, source="def slope(x):\n    return torch.exp(x) / torch.exp(x)")
    assert "another-subgradient" not in ids(called(smooth))


def test_nan_at_zero_is_no_slope():
    cases = [(inputs, e, np.where(inputs["x"] == 0, np.nan, r)) for inputs, e, r in CLAMPED.cases]
    assert "another-subgradient" not in ids(called(replace(CLAMPED, cases=cases)))


def test_zeros_that_are_all_wrong_tell_nothing():
    cases = [*CLAMPED.cases[:1], ({"x": A([0.0, 0.0])}, A([0.0, 0.0]), A([4.0, 4.0]))]
    assert "another-subgradient" not in ids(called(replace(CLAMPED, cases=cases)))
