"""An angle was converted as if it had been in degrees."""

from __future__ import annotations

import ast

from grader.diagnose.code import calls, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A conversion from degrees stands in the source, and a number is wrong."""
    if not any(_converts(cell.tree) for cell in written(facts)):
        return None
    pairs = list(facts.pairs())
    if not pairs:
        return None
    params = {"value": facts.called(pairs[0].finding), **pairs[0].numbers()}
    checks = tuple(pair.finding.check for pair in pairs)
    return Diagnosis("degrees-for-radians", 0.97, checks, params)


def _converts(tree: ast.AST) -> bool:
    """`deg2rad`, `radians`, or a division by 180."""
    return any(calls(tree, "deg2rad", "radians", "deg2rad_")) or any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and isinstance(node.right, ast.Constant)
        and node.right.value == 180
        for node in nodes_of(tree)
    )
