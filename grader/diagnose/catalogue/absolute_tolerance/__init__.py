"""One fixed limit for numbers of every size."""

from __future__ import annotations

import ast

from grader.diagnose.code import called, compares, keyword
from grader.diagnose.facts import Facts
from grader.diagnose.verdicts import verdicts
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A comparison function is wrong, and its limit is a number of its own (or `atol`)."""
    for verdict in verdicts(facts):
        for node in nodes_of(verdict.function):
            if _close(node) or _limit(node):
                params = {"code": verdict.cell.line(getattr(node, "lineno", None))}
                return Diagnosis("absolute-tolerance", 0.92, (verdict.check,), params)
    return None


def _close(node: ast.AST) -> bool:
    """`allclose` or `isclose` whose absolute part is not switched off."""
    if not isinstance(node, ast.Call) or not called(node, "allclose", "isclose"):
        return False
    absolute = keyword(node, "atol") or keyword(node, "abs_tol")
    return not (isinstance(absolute, ast.Constant) and absolute.value == 0)


def _limit(node: ast.AST) -> bool:
    """`… < 1e-5`: a comparison with a small number that nothing is multiplied by."""
    return (
        compares(node, ast.Lt, ast.LtE)
        and isinstance(node, ast.Compare)
        and isinstance(limit := node.comparators[-1], ast.Constant)
        and isinstance(limit.value, float)
        and 0 < limit.value < 1
    )
