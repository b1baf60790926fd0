"""A gradient was read from a clone; it is in the leaf that was cloned."""

from __future__ import annotations

from grader.diagnose import leaves, unfilled
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A value is None because it was read from `.grad` of a clone."""
    for finding in facts.wrong:
        owner = leaves.owner(facts, finding)
        if owner is not None and "Clone" in str(owner.value.grad_fn) and owner.value.grad is None:
            params = {"name": owner.name}
            return Diagnosis("gradient-of-a-clone", 0.93, (finding.check,), params)
    read = unfilled.found(facts, "gradient-of-a-clone")
    if read is None:
        return None
    return Diagnosis("gradient-of-a-clone", 0.93, read.checks, {"name": read.name})
