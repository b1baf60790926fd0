"""The answer does not follow the inputs: right for the given numbers, wrong for others."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A check held in the run and not when the inputs were changed."""
    found = [f for f in facts.wrong if f.message.id == "check.vary.differs"]
    if not found:
        return None
    params = {"value": facts.called(found[0])}
    return Diagnosis("typed-in-constant", 0.9, tuple(f.check for f in found), params)
