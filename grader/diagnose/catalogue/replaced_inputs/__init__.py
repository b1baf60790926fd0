"""An input that the exercise gives was assigned anew."""

from __future__ import annotations

import ast

from grader.diagnose import errors, scenes
from grader.diagnose.arrays import alike, array
from grader.diagnose.code import assigned, calls, dotted, written
from grader.diagnose.facts import Facts
from grader.model.exercise import CallCheck, ChoiceCheck, EventCheck
from grader.model.result import Diagnosis, Finding
from grader.parsing import nodes_of

_SEEN = 0.97
_STOPPED = 0.91


def match(facts: Facts) -> Diagnosis | None:
    """A name of a locked cell gets a value of the student's own, and the answer follows that."""
    cells = written(facts, locked=True)
    given = {
        name for cell in cells if cell.locked for step in assigned(cell.tree) for name in step.names
    }
    for cell in cells:
        for step in () if cell.locked else assigned(cell.tree):
            name = next((n for n in step.names if n in given and not _used(n, step.value)), None)
            if name is None or not isinstance(step.value, ast.Call):
                continue
            if not _differs(facts, name, cell.cell) or f"{name}.data" in cell.source:
                continue
            later = [f for f in facts.wrong if (f.cell or 0) >= cell.cell]
            checks = tuple(f.check for f in later if not _all_the_same(facts, f))
            if checks and _input(step.value):
                params = {"name": name, "code": cell.line(step.line)}
                # It was seen, and what numbers of other inputs are equal to is chance.
                sure = _SEEN if errors.first_stop(facts) > cell.cell else _STOPPED
                return Diagnosis("replaced-inputs", sure, checks, params)
    return None


def _all_the_same(facts: Facts, finding: Finding) -> bool:
    """Whether any input will do: a question, a function, a pass or what follows from its leaf."""
    if finding.message.id == "check.vary.rebound":
        return False
    check = facts.checks.get(finding.check)
    roles = getattr(check, "roles", {}).values()
    return isinstance(check, EventCheck | CallCheck | ChoiceCheck) or any(
        role.event is not None and role.field == "leaf" for role in roles
    )


def _used(name: str, value: ast.expr) -> bool:
    """Whether the numbers of the name are read; `ones_like(x)` takes its shape only."""
    shapes = [
        call.args[0]
        for call in nodes_of(value)
        if isinstance(call, ast.Call) and call.args and dotted(call.func).endswith("_like")
    ]
    reads = [n for n in nodes_of(value) if isinstance(n, ast.Name) and n.id == name]
    return any(node not in shapes for node in reads)


def _differs(facts: Facts, name: str, cell: int) -> bool:
    """Whether the name holds other numbers after the cell than were given, in some run."""
    for scene in scenes.scenes(facts.exercise, facts.submission, facts.capture):
        began = scene.inputs().get(name)
        after = scene.cells.get(cell)
        value = None if after is None else array(after.names.get(name))
        if began is not None and value is not None and not alike(value, began):
            return True
    return False


def _input(value: ast.Call) -> bool:
    """Whether the expression makes numbers out of nothing: typed in, a grid, or drawn."""
    makers = ("tensor", "linspace", "arange", "ones", "zeros", "randn", "rand", "full", "array")
    likes = tuple(f"{maker}_like" for maker in makers)
    return any(calls(value, *makers, *likes))
