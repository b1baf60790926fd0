"""The result had lost its connection to the input before the pass."""

from __future__ import annotations

from grader.diagnose.facts import Facts, Trouble
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis, Finding

STEM = "element 0 of tensors does not require grad"


def match(facts: Facts) -> Diagnosis | None:
    """The exception; a result without `requires_grad`; a leaf that no pass reached."""
    told = tuple(f.check for f in facts.wrong if f.message.id == "check.tensor.must_require_grad")
    for trouble in facts.troubles(STEM):
        checks = (*told, *(c for c in facts.near(trouble.cell) if c not in told))
        if checks:
            return Diagnosis("detached-early", _sure(trouble), checks)
    if told:
        return Diagnosis("detached-early", 0.8, told)
    unreached = tuple(f.check for f in facts.wrong if _unreached(facts, f))
    return Diagnosis("detached-early", 0.8, unreached) if unreached else None


def _sure(trouble: Trouble) -> float:
    return 0.92 if trouble.uncaught else 0.75


def _unreached(facts: Facts, finding: Finding) -> bool:
    """A gradient is None although a pass succeeded: that pass did not reach its leaf."""
    check = facts.checks.get(finding.check)
    if not isinstance(check, TensorCheck) or finding.message.id != "check.value.none":
        return False
    passes = facts.passes(finding.cell)
    if any(one.event.error is not None and one.cell == finding.cell for one in passes):
        return False
    worked = [one.event for one in passes if one.event.error is None]
    reached = {leaf.id for event in worked for leaf in event.leaves}
    names = facts.names(finding.cell)
    empty = [
        value
        for value in names.values()
        if value.kind == "tensor" and value.requires_grad and value.leaf and value.grad is None
    ]
    return bool(worked) and any(value.id not in reached for value in empty)
