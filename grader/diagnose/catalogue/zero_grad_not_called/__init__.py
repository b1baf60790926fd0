"""`.grad` was cleared by hand where the optimiser's `zero_grad` was asked for."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The call that the exercise requires is not in the code."""
    found = tuple(
        finding.check
        for finding in facts.wrong
        if finding.message.id == "check.source.required"
        and str(finding.message.params.get("name", "")).endswith("zero_grad")
    )
    return Diagnosis("zero-grad-not-called", 0.95, found) if found else None
