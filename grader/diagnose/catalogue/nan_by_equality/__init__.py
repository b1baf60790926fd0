"""NaN was looked for with `==`."""

from __future__ import annotations

import ast

from grader.diagnose.code import compares
from grader.diagnose.facts import Facts
from grader.diagnose.verdicts import verdicts
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A function that is to notice NaN is wrong, and compares with NaN."""
    for verdict in verdicts(facts):
        for node in nodes_of(verdict.function):
            if compares(node, ast.Eq, ast.NotEq, ast.In) and _nan(node):
                params = {"code": verdict.cell.line(getattr(node, "lineno", None))}
                return Diagnosis("nan-by-equality", 0.95, (verdict.check,), params)
    return None


def _nan(node: ast.AST) -> bool:
    """`torch.nan`, `math.nan`, `np.nan` or `float("nan")` somewhere in the comparison."""
    return any(
        (isinstance(n, ast.Attribute) and n.attr.lower() == "nan")
        or (isinstance(n, ast.Constant) and n.value == "nan")
        for n in nodes_of(node)
    )
