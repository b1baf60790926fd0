"""Formulas that differ from another in one place: what students mix up, leave out or put in.

Trees are not copied but for what is above a change, and nobody changes them in place.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

import numpy as np

from grader.diagnose import source
from grader.diagnose.arrays import array
from grader.diagnose.trials import Trial
from grader.parsing import nodes_of, parse

Formula = ast.expr | ast.FunctionDef
_LOGARITHMS = ("log2", "log10", "log1p")


class Tree:
    """A formula, and what stands above each of its nodes, so that none is searched for."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self._above: dict[int, list[tuple[ast.AST, str, int | None]]] = {}
        for node in set(nodes_of(formula)):
            for name, value in ast.iter_fields(node):
                parts = enumerate(value) if isinstance(value, list) else ((None, value),)
                for place, part in parts:
                    if isinstance(part, ast.AST) and part._fields:  # not what all trees share
                        self._above.setdefault(id(part), []).append((node, name, place))

    def changed(self, node: ast.AST, new: ast.AST) -> Formula:
        """The formula with another node in the place of one, wherever that stands in it."""
        made = {id(node): new}
        open_ = [node]
        while open_:
            old = open_.pop()
            for parent, name, place in self._above.get(id(old), ()):
                if id(parent) not in made:
                    made[id(parent)] = _copied(parent)
                    open_.append(parent)
                copied = made[id(parent)]
                if place is None:
                    setattr(copied, name, made[id(old)])
                else:
                    getattr(copied, name)[place] = made[id(old)]
        found = made[id(self.formula)]
        assert isinstance(found, Formula)
        return found


def _copied(node: ast.AST) -> ast.AST:
    """A copy with lists of its own."""
    found = type(node)()
    for name, value in vars(node).items():
        setattr(found, name, list(value) if isinstance(value, list) else value)
    return found


def _logarithm(node: ast.expr, _: list[str]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Call) and source.called(node) in _LOGARITHMS:
        yield "wrong-logarithm", _renamed(node, "log")


def _precedence(node: ast.expr, _: list[str]) -> Iterator[tuple[str, ast.expr]]:
    """The power of a sum for the sum of powers."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Pow):
        return
    inside, exponent = node.left, node.right
    if isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Add | ast.Sub):
        for left, right in ((True, False), (False, True), (True, True)):
            one = ast.BinOp(inside.left, ast.Pow(), exponent) if left else inside.left
            other = ast.BinOp(inside.right, ast.Pow(), exponent) if right else inside.right
            yield "operator-precedence", ast.BinOp(one, inside.op, other)
    if isinstance(inside, ast.Call) and source.called(inside) in ("sum", "mean"):
        yield from _power_inside(inside, exponent)


def _power_inside(call: ast.Call, exponent: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """`(x ** n).sum()` for `x.sum() ** n`, and the same of `torch.sum(x) ** n`."""
    function = call.func
    if not isinstance(function, ast.Attribute):
        return
    owner = function.value
    if isinstance(owner, ast.Name) and owner.id in ("torch", "np", "numpy"):
        if not call.args:
            return
        args: list[ast.expr] = [ast.BinOp(call.args[0], ast.Pow(), exponent)]
        args += call.args[1:]
        yield "operator-precedence", ast.Call(function, args, call.keywords)
        return
    method = ast.Attribute(ast.BinOp(owner, ast.Pow(), exponent), function.attr, ast.Load())
    yield "operator-precedence", ast.Call(method, call.args, call.keywords)


def _reduction(node: ast.expr, _: list[str]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Call):
        if source.called(node) == "sum":
            yield "sum-for-mean", _renamed(node, "mean")
        if source.called(node) == "mean":
            yield "mean-for-sum", _renamed(node, "sum")


def _sign(node: ast.expr, _: list[str]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield "sign-flipped", ast.BinOp(node.left, other, node.right)
        if isinstance(node.op, ast.Sub):
            yield "sign-flipped", ast.BinOp(node.right, ast.Sub(), node.left)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign-flipped", node.operand


def _power(node: ast.expr, names: list[str]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        if isinstance(node.right, ast.Constant) and isinstance(node.right.value, int | float):
            for step in (1, -1):
                exponent = ast.Constant(node.right.value + step)
                yield "power-rule", ast.BinOp(node.left, ast.Pow(), exponent)
    elif isinstance(node, ast.BinOp):
        left, right = _squared(node.left, names), _squared(node.right, names)
        if left is not None:
            yield "power-rule", ast.BinOp(left, node.op, node.right)
        if right is not None:
            yield "power-rule", ast.BinOp(node.left, node.op, right)
    elif isinstance(node, ast.UnaryOp):
        inside = _squared(node.operand, names)
        if inside is not None:
            yield "power-rule", ast.UnaryOp(node.op, inside)


def _squared(node: ast.expr, names: list[str]) -> ast.expr | None:
    """The square of an input, None for anything else."""
    if isinstance(node, ast.Name) and node.id in names:
        return ast.BinOp(node, ast.Pow(), ast.Constant(2))
    return None


_ANTIDERIVATIVES = {
    "cos(x)": "sin(x)",
    "exp(x)": "exp(x)",
    "1 / x": "log(x)",
    "2 / x": "log(x ** 2)",
    "2 * x": "x ** 2",
    "3 * x ** 2": "x ** 3",
    "-sin(x)": "cos(x)",
}


def _product(node: ast.expr, names: list[str]) -> Iterator[tuple[str, ast.expr]]:
    """f'·g' for f'·g + f·g', of functions of one input that everybody knows by heart."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return
    left, right = ast.dump(_plain(node.left)), ast.dump(_plain(node.right))
    for name in names:
        known = _antiderivatives(name)
        one, other = known.get(left), known.get(right)
        if one is not None and other is not None:
            yield (
                "product-of-derivatives",
                ast.BinOp(times(node.left, other), ast.Add(), times(one, node.right)),
            )


@lru_cache(maxsize=256)
def _antiderivatives(name: str) -> dict[str, ast.expr]:
    """What is known by heart of functions of one name, by the slope's tree; nobody changes it."""
    return {
        ast.dump(_plain(_parsed(slope, name))): _parsed(value, name)
        for slope, value in _ANTIDERIVATIVES.items()
    }


def _plain(node: ast.expr) -> ast.expr:
    """Without the module of a function: `torch.cos(x)` is `cos(x)`."""

    class Bare(ast.NodeTransformer):
        def visit_Call(self, inner: ast.Call) -> ast.AST:
            self.generic_visit(inner)
            function = inner.func
            if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                known = function.value.id in ("torch", "math", "np", "numpy")
                inner.func = ast.Name(function.attr, ast.Load()) if known else function
            return inner

    found = Bare().visit(copy.deepcopy(node))
    assert isinstance(found, ast.expr)
    return found


@lru_cache(maxsize=256)
def _parsed(text: str, name: str) -> ast.expr:
    """A formula of `x`, of another name; nobody changes it."""

    class Named(ast.NodeTransformer):
        def visit_Name(self, inner: ast.Name) -> ast.AST:
            return ast.Name(name, ast.Load()) if inner.id == "x" else inner

    found = Named().visit(parse(text, mode="eval").body)
    assert isinstance(found, ast.expr)
    return found


MIXED_UP = (_logarithm, _precedence, _reduction, _sign, _power, _product)
"""Each takes a node and the names of the inputs and gives what else may have been meant there,
as (misconception, formula), the most telling first."""


def results(answer: Formula) -> list[ast.expr]:
    """What an answer gives: the expression itself, or all that a function returns."""
    if isinstance(answer, ast.expr):
        return [answer]
    found = (node.value for node in nodes_of(answer) if isinstance(node, ast.Return))
    return [value for value in found if value is not None]


def addends(answer: Formula) -> list[ast.expr]:
    """What is added up: operands of + and −, elements of lists, and whole results."""
    found = [
        side
        for node in nodes_of(answer)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        for side in (node.left, node.right)
    ]
    found += [
        argument
        for node in nodes_of(answer)
        if isinstance(node, ast.Call) and source.called(node) in ("add", "sub")
        for argument in node.args
    ]
    found += [part for node in nodes_of(answer) if isinstance(node, ast.List) for part in node.elts]
    if isinstance(answer, ast.FunctionDef):
        found += [node.value for node in nodes_of(answer) if isinstance(node, ast.Assign)]
    return found + results(answer)


def coefficients(added: list[ast.expr]) -> list[ast.Constant]:
    """Numbers by which a whole addend is multiplied."""
    found: list[ast.Constant] = []
    open_ = list(added)
    while open_:
        node = open_.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            for side in (node.left, node.right):
                if isinstance(side, ast.Constant) and isinstance(side.value, int | float):
                    found.append(side)
                elif side not in added:
                    open_.append(side)
    return found


def more(node: ast.Name, trial: Trial) -> Iterator[ast.expr]:
    """`a + b` and `a + b + c` in the place of `a`, for others like it."""
    mine = array(trial.names.get(node.id))
    if mine is None:
        return
    others = [
        name
        for name, value in trial.names.items()
        if name not in (node.id, trial.called)
        and (other := array(value)) is not None
        and other.shape == mine.shape
        and bool(np.any(other))
    ][:8]
    for count in (1, 2):
        for chosen in combinations(others, count):
            total: ast.expr = node
            for name in chosen:
                total = ast.BinOp(total, ast.Add(), ast.Name(name, ast.Load()))
            yield total


def terms(name: str) -> Iterator[ast.expr]:
    """Terms of one name that may have been left out, up to three times each."""
    for text in ("x", "x ** 2", "1 / x", "1 / x ** 2", "sin(x)", "cos(x)", "exp(x)", "log(x)"):
        for factor in (1.0, 2.0, 3.0):
            yield scaled(_parsed(text, name), factor)


def scaled(node: ast.expr, factor: float) -> ast.expr:
    """A factor times a formula, whole numbers written as such; the formula itself for one."""
    if factor == 1.0:
        return node
    whole = int(factor) if float(factor).is_integer() else round(factor, 6)
    return ast.BinOp(ast.Constant(factor if isinstance(whole, float) else whole), ast.Mult(), node)


def times(one: ast.expr, other: ast.expr) -> ast.expr:
    """The product of two formulas."""
    return ast.BinOp(one, ast.Mult(), other)


def _renamed(node: ast.Call, name: str) -> ast.expr:
    if isinstance(node.func, ast.Attribute):
        function: ast.expr = ast.Attribute(node.func.value, name, ast.Load())
    else:
        function = ast.Name(name, ast.Load())
    return ast.Call(function, node.args, node.keywords)
