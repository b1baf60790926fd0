"""Machine epsilon was taken for the spacing everywhere."""

from __future__ import annotations

import ast

from grader.diagnose.code import calls, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """`finfo(…).eps` in a cell with a wrong number, where no power of two is looked for."""
    wrong = [pair.finding for pair in facts.pairs()]
    for cell in written(facts):
        checks = tuple(finding.check for finding in wrong if finding.cell == cell.cell)
        if not checks or any(calls(cell.tree, "log2", "frexp", "floor", "spacing")):
            continue
        for node in nodes_of(cell.tree):
            if isinstance(node, ast.Attribute) and node.attr == "eps":
                params = {"code": cell.line(node.lineno)}
                return Diagnosis("epsilon-for-ulp", 0.97, checks, params)
    return None
