"""An input that the exercise gives was assigned anew."""

from __future__ import annotations

import ast

from grader.diagnose.code import assigned, calls, read, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A name of a locked cell gets a value of the student's own, and the answer follows that."""
    cells = written(facts, locked=True)
    given = {
        name for cell in cells if cell.locked for step in assigned(cell.tree) for name in step.names
    }
    for cell in cells:
        for step in () if cell.locked else assigned(cell.tree):
            name = next((n for n in step.names if n in given and n not in read(step.value)), None)
            if name is None or not isinstance(step.value, ast.Call):
                continue
            checks = tuple(f.check for f in facts.wrong if (f.cell or 0) >= cell.cell)
            if checks and _input(step.value):
                params = {"name": name, "code": cell.line(step.line)}
                return Diagnosis("replaced-inputs", 0.9, checks, params)
    return None


def _input(value: ast.Call) -> bool:
    """Whether the expression makes numbers out of nothing: typed in, a grid, or drawn."""
    makers = ("tensor", "linspace", "arange", "ones", "zeros", "randn", "rand", "full", "array")
    return any(any(calls(value, maker)) for maker in makers)
