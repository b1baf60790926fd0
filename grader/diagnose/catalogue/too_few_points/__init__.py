"""A curve was drawn through too few points."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """What the figure's checks counted."""
    found = [f for f in facts.wrong if f.message.id == "check.figure.points"]
    if not found:
        return None
    params = {"found": found[0].message.params.get("actual", 0)}
    return Diagnosis("too-few-points", 0.85, tuple(f.check for f in found), params)
