"""Numbers were changed through `.data` between the forward pass and the backward one."""

from __future__ import annotations

import ast

from grader.diagnose.code import assigned, dotted, read, written
from grader.diagnose.facts import Facts
from grader.diagnose.unrecorded import roots
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """`.data` is written to after a root was computed and before the pass over it."""
    for cell in written(facts):
        checks = facts.near(cell.cell)
        for line in _edits(cell.tree):
            later = [e for e in roots(cell.tree) if e.lineno > line]
            names = {name for expression in later for name in read(expression)}
            before = [s for s in assigned(cell.tree) if s.line < line and names & set(s.names)]
            if checks and before:
                return Diagnosis("data-edited", 0.9, checks, {"code": cell.line(line)})
    return None


def _edits(tree: ast.AST) -> list[int]:
    """Lines that write through `.data`: assignments, and methods that end in an underscore."""
    lines = []
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and dotted(node.func).endswith("_"):
            targets = [node.func]
        lines += [target.lineno for target in targets if _through_data(target)]
    return lines


def _through_data(target: ast.expr) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == "data" for n in ast.walk(target))
