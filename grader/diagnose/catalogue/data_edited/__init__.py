"""Numbers were changed through `.data` between the forward pass and the backward one."""

from __future__ import annotations

import ast

from grader.diagnose.code import assigned, dotted, read, written
from grader.diagnose.facts import Facts
from grader.diagnose.unrecorded import roots
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """`.data` is written to between a root and the pass over it; or anywhere near a wrong one."""
    for cell in written(facts):
        checks = facts.near(cell.cell)
        for line in _edits(cell.tree):
            later = [e for e in roots(cell.tree) if e.lineno > line]
            names = {name for expression in later for name in read(expression)}
            before = [s for s in assigned(cell.tree) if s.line < line and names & set(s.names)]
            if checks and before:
                return Diagnosis("data-edited", 0.955, checks, {"code": cell.line(line)})
    for cell in written(facts):
        for line in _edits(cell.tree, typed=True):
            if checks := facts.near(cell.cell):
                return Diagnosis("data-edited", 0.85, checks, {"code": cell.line(line)})
    return None


def _edits(tree: ast.AST, typed: bool = False) -> list[int]:
    """Lines that write through `.data`: assignments, and methods that end in an underscore.

    `typed`: only numbers that stand there, which are no update of a parameter.
    """
    lines = []
    for node in nodes_of(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and dotted(node.func).endswith("_"):
            targets = [node.func]
        given = [node.value] if isinstance(node, ast.Assign | ast.AugAssign) else []
        if typed and (not given or read(given[0])):
            continue
        lines += [target.lineno for target in targets if _through_data(target)]
    return lines


def _through_data(target: ast.expr) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == "data" for n in nodes_of(target))
