"""A detached tensor was changed in place, and the original with it."""

from __future__ import annotations

import ast

from grader.diagnose.code import assigned, called, changed, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A name made by `detach()` without a copy is changed in place, beside something wrong."""
    for cell in written(facts):
        checks = facts.near(cell.cell)
        shared = {
            name: step.line
            for step in assigned(cell.tree)
            for name in step.names
            if called(step.value, "detach", "numpy") or _data(step.value)
        }
        for line, name in changed(cell.tree):
            if checks and name in shared and line > shared[name]:
                params = {"code": cell.line(line)}
                return Diagnosis("detach-shares-memory", 0.75, checks, params)
    return None


def _data(value: ast.expr) -> bool:
    return isinstance(value, ast.Attribute) and value.attr == "data"
