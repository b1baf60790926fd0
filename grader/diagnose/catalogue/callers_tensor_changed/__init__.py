"""A function changed the tensor that it was given."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """What a call left of a tensor that was to stay as it was."""
    for finding in facts.wrong:
        if finding.message.id == "check.call.changed":
            told = finding.message.params
            params = {name: str(told.get(name)) for name in ("function", "name")}
            return Diagnosis("callers-tensor-changed", 0.95, (finding.check,), params)
    return None
