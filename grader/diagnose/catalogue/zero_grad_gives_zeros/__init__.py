"""Zeros were expected of `zero_grad()`, which leaves None."""

from __future__ import annotations

from grader.diagnose import leaves
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Zeros where None is right, in a cell that calls `zero_grad`."""
    for finding in facts.wrong:
        if leaves.zeros_for_none(facts, finding) and leaves.cleared_in(facts, finding.cell):
            params = {"value": facts.called(finding), "actual": "0"}
            return Diagnosis("zero-grad-gives-zeros", 0.92, (finding.check,), params)
    return None
