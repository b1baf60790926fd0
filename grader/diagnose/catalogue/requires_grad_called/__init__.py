"""`x.requires_grad(True)`: the attribute was called, not the method."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A truth value was called, in a line that says `requires_grad(`."""
    for one in errors.named(facts, "requires-grad-called"):
        if "requires_grad(" in one.code:
            params = {"code": one.code}
            return Diagnosis("requires-grad-called", one.confidence, one.checks, params)
    return None
