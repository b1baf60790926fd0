"""Machine epsilon was taken for the spacing everywhere."""

from __future__ import annotations

import ast

from grader.diagnose.code import calls, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """`finfo(…).eps` in a cell with a wrong number, where no power of two is looked for."""
    for cell in written(facts):
        checks = tuple(p.finding.check for p in facts.pairs() if p.finding.cell == cell.cell)
        for node in ast.walk(cell.tree):
            steps = any(calls(cell.tree, "log2", "frexp", "floor", "spacing"))
            if checks and isinstance(node, ast.Attribute) and node.attr == "eps" and not steps:
                params = {"code": cell.line(node.lineno)}
                return Diagnosis("epsilon-for-ulp", 0.92, checks, params)
    return None
