"""Difference quotients in code: (f(x + h) − f(x)) / h, and what kind of one it is."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from typing import Literal

from grader.diagnose.source import walk
from grader.parsing import nodes_of

Kind = Literal["one-sided", "central", "library"]
FAR = 4.0
"""How many times the error that is expected may well be left."""
_EPSILON = {"float64": 2.0**-53, "float32": 2.0**-24}
_NUMPY = ("gradient", "diff")
_SAME = ("detach", "clone", "item", "numpy", "squeeze", "sum")


def kinds(nodes: Iterable[ast.AST | None]) -> tuple[Kind, ...]:
    """The kinds of all difference quotients below, in no order."""
    return tuple(kind for node in walk(*nodes) if (kind := _kind(node)) is not None)


def steps(nodes: Iterable[ast.AST | None]) -> tuple[float, ...]:
    """Numbers that may be the step of a quotient, the smallest first."""
    written = (node.value for node in walk(*nodes) if isinstance(node, ast.Constant))
    return tuple(sorted({one for one in written if isinstance(one, float) and 0 < one < 0.5}))


def left(step: float, dtype: str) -> float:
    """About the error that a central quotient of numbers near one has with that step.

    What a parabola through three points misses, and the rounding of a difference.
    """
    return step**2 + _EPSILON[dtype] / step


def _kind(node: ast.AST) -> Kind | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        named = isinstance(owner, ast.Name) and owner.id in ("np", "numpy", "torch")
        return "library" if named and node.func.attr in _NUMPY else None
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return None
    over = _bare(node.left)
    if not isinstance(over, ast.BinOp) or not isinstance(over.op, ast.Sub):
        return None
    one, other = _bare(over.left), _bare(over.right)
    plain_one = {ast.dump(plain) for plain in _without_step(one)}
    plain_other = {ast.dump(plain) for plain in _without_step(other)}
    if ast.dump(other) in plain_one or ast.dump(one) in plain_other:
        return "one-sided"
    return "central" if plain_one & plain_other else None


def _without_step(node: ast.expr) -> Iterator[ast.expr]:
    """The expression with `t + h` or `t - h` in it replaced by `t`."""
    for inner in nodes_of(node):
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add | ast.Sub):
            same = [n for n in nodes_of(node) if ast.dump(n) == ast.dump(inner)]
            memo = {id(n): inner.left for n in same}
            yield inner.left if inner is node else copy.deepcopy(node, memo)


def _bare(node: ast.expr) -> ast.expr:
    """Without `.detach()` and its like, which change no number."""
    while (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _SAME
        and not node.args
    ):
        node = node.func.value
    return node
