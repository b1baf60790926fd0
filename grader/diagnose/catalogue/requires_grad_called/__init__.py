"""`x.requires_grad(True)`: the attribute was called, not the method."""

from __future__ import annotations

from collections.abc import Iterator

from grader.diagnose import errors
from grader.diagnose.code import calls, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A truth value was called, in a line that says `requires_grad(`."""
    for one in errors.named(facts, "requires-grad-called"):
        lines = (one.code, *_lines(facts))
        code = next((line for line in lines if "requires_grad(" in line), None)
        if code is not None:
            params = {"code": code}
            return Diagnosis("requires-grad-called", one.confidence, one.checks, params)
    return None


def _lines(facts: Facts) -> Iterator[str]:
    """The lines of the student's that call something named `requires_grad`."""
    for cell in written(facts):
        for call in calls(cell.tree, "requires_grad"):
            yield cell.line(call.lineno)
