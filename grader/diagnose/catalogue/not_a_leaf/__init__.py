"""A gradient was read from the result of an operation."""

from __future__ import annotations

from grader.diagnose import leaves, unfilled
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A value is None because it was read from `.grad` of a result."""
    found = [(f, owner) for f in facts.wrong if (owner := leaves.owner(facts, f)) is not None]
    found = [(f, o) for f, o in found if leaves.is_result(o.value) and o.value.grad is None]
    found = [(f, o) for f, o in found if not leaves.retained(facts, o.name, f.cell)]
    if not found:
        read = unfilled.found(facts, "not-a-leaf")
        more = {} if read is None else {"tensor": read.name, "node": read.node}
        return None if read is None else Diagnosis("not-a-leaf", 0.93, read.checks, more)
    if "Clone" in str(found[0][1].value.grad_fn):
        return None
    passes = [one.event.api for one in facts.passes(found[0][0].cell)]
    if passes and "backward" not in passes:
        return None  # nothing would have been filled
    owner = found[0][1]
    params = {"tensor": owner.name, "node": str(owner.value.grad_fn)}
    return Diagnosis("not-a-leaf", 0.93, tuple(f.check for f, _ in found), params)
