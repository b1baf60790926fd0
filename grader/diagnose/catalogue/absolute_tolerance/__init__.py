"""One fixed limit for numbers of every size."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.diagnose.code import (
    Function,
    assigned,
    called,
    compares,
    defined,
    keyword,
    parameters,
    written,
)
from grader.diagnose.facts import Facts
from grader.diagnose.verdicts import verdicts
from grader.model.result import Diagnosis
from grader.parsing import nodes_of

_FORM = ("shape", "ndim", "dtype", "len", "numel", "nelement", "size", "dim")
_DEEPEST = 4


def match(facts: Facts) -> Diagnosis | None:
    """A comparison function is wrong, and its limit is a number of its own (or `atol`)."""
    for verdict in verdicts(facts):
        for node in nodes_of(verdict.function):
            compared = _close(node) or _limit(node)
            if compared and not _relative(facts, verdict.function, compared):
                params = {"code": verdict.cell.line(getattr(node, "lineno", None))}
                return Diagnosis("absolute-tolerance", 0.92, (verdict.check,), params)
    return None


def _close(node: ast.AST) -> list[ast.expr]:
    """What `allclose` or `isclose` compares, where its absolute part is not switched off."""
    if not isinstance(node, ast.Call) or not called(node, "allclose", "isclose"):
        return []
    absolute = keyword(node, "atol") or keyword(node, "abs_tol")
    is_off = isinstance(absolute, ast.Constant) and absolute.value == 0
    return [] if is_off else [node.func, *node.args]


def _limit(node: ast.AST) -> list[ast.expr]:
    """What is compared in `… < 1e-5`, with a small number that nothing is multiplied by."""
    if (
        compares(node, ast.Lt, ast.LtE)
        and isinstance(node, ast.Compare)
        and isinstance(limit := node.comparators[-1], ast.Constant)
        and isinstance(limit.value, float)
        and 0 < limit.value < 1
    ):
        return [node.left, *node.comparators[:-1]]
    return []


def _relative(facts: Facts, function: Function, compared: list[ast.expr], depth: int = 0) -> bool:
    """Whether what is compared was divided by given numbers, so that its limit grows with them."""
    given = set(parameters(function))
    if any(
        isinstance(node, ast.AugAssign)
        and isinstance(node.op, ast.Div)
        and given & _numbers(function, node.value)
        for node in nodes_of(function)
    ):
        return True
    for node in (node for part in _made_of(function, compared) for node in nodes_of(part)):
        divisor = _divisor(node)
        if divisor is not None and given & _numbers(function, divisor):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and depth < _DEEPEST:
            own = defined(written(facts), node.func.id)
            if own is not None and _relative(facts, own[1], _results(own[1]), depth + 1):
                return True
    return False


def _divisor(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return node.right
    if called(node, "div", "divide", "true_divide") and isinstance(node, ast.Call) and node.args:
        return node.args[-1]
    if called(node, "reciprocal") and isinstance(node, ast.Call):
        return node.args[0] if node.args else node.func
    return None


def _results(function: Function) -> list[ast.expr]:
    returns = (node.value for node in nodes_of(function) if isinstance(node, ast.Return))
    return [value for value in returns if value is not None]


def _made_of(function: Function, parts: list[ast.expr]) -> list[ast.expr]:
    """The expressions, and those by which the function made what they read."""
    found = list(parts)
    seen: set[str] = set()
    for part in found:
        new = set(_read(part)) - seen
        seen |= new
        found += [step.value for step in assigned(function) if new & set(step.names)]
    return found


def _numbers(function: Function, value: ast.expr) -> set[str]:
    """The names whose numbers a value is made of, and not their form alone."""
    return {name for part in _made_of(function, [value]) for name in _read(part)}


def _read(node: ast.AST) -> Iterator[str]:
    """Names that are read for more than how many numbers there are."""
    if isinstance(node, ast.Attribute) and node.attr in _FORM:
        return
    if isinstance(node, ast.Call) and called(node, *_FORM):
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _read(child)
