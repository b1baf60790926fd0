"""The derivative was approximated by a difference quotient; no pass made it."""

from __future__ import annotations

import ast
import warnings

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

_NUMPY = ("gradient", "diff")


def match(facts: Facts) -> Diagnosis | None:
    """A difference of two values of one function, divided; with a gradient that is not right."""
    wrong = tuple(
        f.check
        for f in facts.wrong
        if facts.about_gradient(f) or f.message.id in ("check.event.none", "check.call.differs")
    )
    if not wrong or not _quotient(facts):
        return None
    return Diagnosis("finite-differences", 0.8, wrong)


def _quotient(facts: Facts) -> bool:
    for source in facts.sources():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if any(_difference(node) or _numpy(node) for node in ast.walk(tree)):
            return True
    return False


def _difference(node: ast.AST) -> bool:
    """`(f(x + h) - f(x)) / h`: the same function twice, with other arguments."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return False
    over = node.left
    if not isinstance(over, ast.BinOp) or not isinstance(over.op, ast.Sub):
        return False
    one, other = over.left, over.right
    return (
        isinstance(one, ast.Call)
        and isinstance(other, ast.Call)
        and ast.dump(one.func) == ast.dump(other.func)
        and ast.dump(one) != ast.dump(other)
    )


def _numpy(node: ast.AST) -> bool:
    """`np.gradient(y, x)` or `np.diff(y)`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _NUMPY
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("np", "numpy", "torch")
    )
