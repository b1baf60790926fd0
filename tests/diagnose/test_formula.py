"""Formulas are worked out from their trees, within bounds, and nothing is executed."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from grader.diagnose import formula, quotients, repairs, source
from grader.diagnose.arrays import alike, fitted
from grader.diagnose.formula import Scope, Unknown
from grader.diagnose.source import Code
from grader.diagnose.trials import Trial, explained, ratio

X = np.array([0.5, 1.5, 2.0, 4.0])
M = np.arange(12.0).reshape(4, 3)
W = np.array([1.0, -2.0, 0.5])


def value(text, **names):
    return formula.evaluate(
        ast.parse(text, mode="eval").body, Scope({"x": X, "m": M, "w": W, **names})
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 * x**2 - torch.log(x)", 3 * X**2 - np.log(X)),
        ("(x @ x) / 2", X @ X / 2),
        ("((m @ w) ** 2).mean()", ((M @ W) ** 2).mean()),
        ("m.sum(dim=0)", M.sum(0)),
        ("m.mean(1).sum()", M.mean(1).sum()),
        ("torch.stack([x[0] * x[1], x[-1]])", np.array([0.75, 4.0])),
        ("x[1:3].detach().clone()", X[1:3]),
        ("-math.pi * torch.ones_like(x)", np.full(4, -np.pi)),
        ("torch.dot(x, x).reshape(1, 1)", (X @ X).reshape(1, 1)),
        ("x.flip(0)", X[::-1]),
    ],
)
def test_a_formula_gives_what_numpy_gives(text, expected):
    assert alike(value(text), np.asarray(expected))


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "open('x')",
        "unknown + 1",
        "[x for _ in x]",
        "(lambda: x)()",
        "x.backward()",
        "torch.outer(big, big)[0]",
        "torch.stack([big, big])",
        "x.reshape(10**9, 10**9)",
        "'text'",
    ],
)
def test_what_is_not_understood_or_too_large_is_unknown(text):
    with pytest.raises(Unknown):
        value(text, big=np.ones(4000))


def test_a_power_tower_is_a_float_and_ends_at_once():
    assert np.isinf(value("9 ** 9 ** 9 ** 9"))


def test_a_function_is_followed_through_its_statements_and_its_helpers():
    tree = ast.parse(
        "def inner(t):\n    return t * t.sum()\n"
        "def f(x):\n    lost = unknown(x)\n    a, b = inner(x), x[0]\n    return a + b\n"
    )
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    scope = Scope({}, functions)
    assert alike(formula.call(functions["f"], {"x": X}, scope), X * X.sum() + X[0])
    table = formula.table(functions["inner"], "t", {"t": X}, scope)
    assert np.allclose(table, np.diag(np.full(4, X.sum())) + np.outer(X, np.ones(4)), atol=1e-6)


def test_a_function_that_calls_itself_or_loops_is_unknown():
    for body in (
        "    return f(x)",
        "    while True:\n        return x",
        "    for t in x:\n        return t",
    ):
        (function,) = ast.parse(f"def f(x):\n{body}").body
        with pytest.raises(Unknown):
            formula.call(function, {"x": X}, Scope({}, {"f": function}))


def test_a_column_and_a_row_are_noticed():
    for text, stretched in (("m[:, :1] - x", True), ("m[:, 0] - x", False)):
        scope = Scope({"m": M, "x": X})
        formula.evaluate(ast.parse(text, mode="eval").body, scope)
        assert scope.stretched is stretched


def trials(expected, actual):
    return [
        Trial("y", label, actual(x), expected(x), "y", inputs={"x": x})
        for label, x in (("run", X), ("again", X[::-1] + 1))
    ]


@pytest.mark.parametrize(
    ("text", "actual", "expected", "id"),
    [
        ("x**2 + x", lambda x: x**2 + x, lambda x: x**2 - x, "sign-flipped"),
        ("x.sum() ** 2", lambda x: x.sum() ** 2, lambda x: (x**2).sum(), "operator-precedence"),
        ("torch.log10(x)", np.log10, np.log, "wrong-logarithm"),
        ("(x**2).mean()", lambda x: (x**2).mean(), lambda x: (x**2).sum(), "mean-for-sum"),
        ("3 * x**2", lambda x: 3 * x**2, lambda x: 3 * x, "power-rule"),
        ("2 * x + x**3", lambda x: 2 * x + x**3, lambda x: 3 * x + x**3, "constant-factor"),
    ],
)
def test_the_smallest_change_that_mends_a_formula_names_the_mistake(text, actual, expected, id):
    def asked(f):
        return lambda x: np.asarray(f(x))

    node = ast.parse(text, mode="eval").body
    found = repairs.find(Code((), ()), node, trials(asked(expected), asked(actual)))
    assert found is not None
    assert found.id == id
    assert len(found.trials) == 2


def test_a_formula_that_does_not_give_the_answer_is_not_mended():
    node = ast.parse("x + 1", mode="eval").body
    assert repairs.find(Code((), ()), node, trials(lambda x: 2 * x, lambda x: 3 * x)) is None


def test_a_hypothesis_must_foretell_all_answers_of_a_check():
    wrong = trials(lambda x: x, lambda x: -x)
    assert explained(wrong, lambda trial: -trial.expected) == tuple(wrong)
    once = [wrong[0], Trial("y", "again", X, X + 1, "y")]
    assert explained(once, lambda trial: -trial.expected) == ()
    assert explained(wrong, lambda trial: None) == ()


def test_numbers_are_alike_but_for_rounding_with_nan_and_infinity_in_their_places():
    odd = np.array([1.0, np.nan, np.inf, 0.0])
    assert alike(odd, odd * (1 + 1e-7))
    assert not alike(odd, np.array([1.0, 0.0, np.inf, 0.0]))
    assert not alike(odd, np.array([1.0, np.nan, -np.inf, 0.0]))
    assert not alike(np.zeros(3), np.zeros(4))
    assert ratio(Trial("y", "run", 3 * X, X, "y")) == pytest.approx(3)
    assert ratio(Trial("y", "run", X**2, X, "y")) is None
    assert fitted(np.ones((1, 4)), np.ones(4)).shape == (4,)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("(f(x + h) - f(x)) / h", ("one-sided",)),
        ("(f(x) - f(x - h)) / h", ("one-sided",)),
        ("((t + h) ** 3 - t**3) / h", ("one-sided",)),
        ("(f(x + h) - f(x - h)) / (2 * h)", ("central",)),
        ("np.gradient(y, x)", ("library",)),
        ("(a - b) / c", ()),
        ("f(x) / x", ()),
    ],
)
def test_difference_quotients_are_told_apart(text, kind):
    assert quotients.kinds([ast.parse(text)]) == kind


def test_code_that_cannot_be_read_is_left_out():
    assert source._parse("def (") is None
    assert source._parse("x" * 30_000) is None
    assert source._parse("+".join(["x"] * 9000)) is None
