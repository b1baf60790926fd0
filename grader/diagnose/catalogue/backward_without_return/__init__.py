"""`backward` of a class of the student's own returns nothing."""

from __future__ import annotations

import ast

from grader.diagnose.code import functions, own_functions, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A function of the student's own whose `backward` has no `return` with a value."""
    for cell in written(facts):
        for name, tree in own_functions(cell.tree).items():
            backward = next((f for f in functions(tree) if f.name == "backward"), None)
            if backward is None or any(_returns(node) for node in nodes_of(backward)):
                continue
            checks = tuple(f.check for f in facts.wrong if (f.cell or cell.cell) >= cell.cell)
            if checks:
                return Diagnosis("backward-without-return", 0.95, checks, {"name": name})
    return None


def _returns(node: ast.AST) -> bool:
    return isinstance(node, ast.Return) and node.value is not None
