"""Formulas that are changed in one place: the tree, and what of it is known already."""

from __future__ import annotations

import ast
import copy

import numpy as np
import pytest

from grader.diagnose.edits import Formula, Tree
from grader.diagnose.repairs import _Asked, _changes
from grader.diagnose.trials import Trial
from grader.model.value import array

HELPERS = """
def twice(t):
    return 2 * t

def inner(x, k):
    return twice(x) * k
"""
ANSWERS = (
    "x ** 2 + 3 * y * x",
    "torch.sin(x) * y - (x + y) ** 2 / 2",
    "torch.stack([twice(x[0]), inner(y[1], 3), x.sum()])",
    "(x.sum() ** 2).mean() + torch.cos(x) * torch.exp(x)",
    "inner(twice(x), 2) + a",
    "def f(x, y):\n    s = x * y\n    s = s + x\n    return s * 2 + twice(s)",
)


def trials() -> list[Trial]:
    found = []
    for x, y in (([0.5, 2.0], [1.5, -1.0]), ([3.0, -0.25], [0.75, 2.5])):
        inputs = {"x": np.array(x), "y": np.array(y)}
        names = {"a": array([0.1, x[0]], "float64")}
        wrong = np.array([1.0, 2.0])
        found.append(Trial("c", "run", wrong, wrong + 1, "r", inputs=inputs, names=names))
    return found


def parsed(text: str) -> Formula:
    (statement,) = ast.parse(text).body
    if isinstance(statement, ast.Expr):
        return statement.value
    assert isinstance(statement, ast.FunctionDef)
    return statement


@pytest.mark.parametrize("text", ANSWERS)
def test_a_changed_formula_gives_what_it_gives_to_who_knows_nothing_of_it(text: str) -> None:
    functions = {n.name: n for n in ast.parse(HELPERS).body if isinstance(n, ast.FunctionDef)}
    answer = parsed(text)
    before = ast.dump(answer)
    asked = [_Asked(trial, functions) for trial in trials()]
    assert all(one.first(answer) is not None for one in asked)
    worth = 0
    for _, node, new, changed in _changes(Tree(answer), ["x", "y"], asked[0]):
        assert ast.dump(changed) == ast.dump(copy.deepcopy(answer, {id(node): new}))
        for one in asked:
            given, anew = one.given(changed), _Asked(one.trial, functions).given(changed)
            assert (given is None) == (anew is None)
            if given is not None and anew is not None:
                np.testing.assert_array_equal(given, anew)
                worth += not np.array_equal(given, one.given(answer), equal_nan=True)
    assert worth > 10
    assert ast.dump(answer) == before


def test_what_stands_in_a_formula_twice_is_changed_in_both_places() -> None:
    part, other = parsed("x * 2"), parsed("y")
    shared = ast.BinOp(ast.List([part, part], ast.Load()), ast.Add(), part)
    assert isinstance(part, ast.BinOp)
    changed = Tree(shared).changed(part.left, other)
    assert ast.unparse(changed) == "[y * 2, y * 2] + y * 2"
    assert ast.unparse(shared) == "[x * 2, x * 2] + x * 2"
