"""There is no gradient: no pass was made, or what `backward()` returns was kept."""

from __future__ import annotations

from grader.diagnose import leaves, unfilled
from grader.diagnose.code import called
from grader.diagnose.facts import Facts, root
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis, Finding
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A value that should be a gradient is None, and a reason for that is to be seen."""
    read = unfilled.found(facts, "no-gradient")
    if read is not None:
        return Diagnosis("no-gradient", 0.98, read.checks, {"value": f"{read.name}.grad"})
    found = [f for f in facts.wrong if f.message.id == "check.value.none"]
    found = [f for f in found if _kept_none(facts, f) or _no_pass(facts, f)]
    if found:
        params = {"value": facts.called(found[0])}
        return Diagnosis("no-gradient", 0.85, tuple(f.check for f in found), params)
    return _never(facts)


def _kept_none(facts: Facts, finding: Finding) -> bool:
    """Whether the value is what `backward()` returned."""
    return any(
        called(node, "backward")
        for step in leaves.made(facts, finding)
        for node in nodes_of(step.value)
    )


def _no_pass(facts: Facts, finding: Finding) -> bool:
    """Whether it was read from a leaf that no `backward` in this cell or before could fill."""
    owner = leaves.owner(facts, finding)
    if owner is None:
        return facts.about_gradient(finding) and not _worked(facts, finding.cell)
    return owner.value.leaf and not _worked(facts, finding.cell)


def _worked(facts: Facts, cell: int | None) -> bool:
    passes = (one.event for one in facts.passes(cell))
    return any(event.api == "backward" for event in passes)


def _never(facts: Facts) -> Diagnosis | None:
    """No pass at all, and the answers to gradient checks are None in the end."""
    none = tuple(f.check for f in facts.wrong if f.message.id == "check.event.none")
    if facts.passes() or not none:
        return None
    names = facts.names()
    reads = any(".grad" in source for source in facts.sources())
    for check in facts.exercise.checks:
        value = names.get(root(check.value)) if isinstance(check, TensorCheck) else None
        if value is None or not isinstance(check, TensorCheck):
            continue
        if check.value.endswith(".grad"):
            value = value.grad
        if value is None or (value.kind == "none" and reads):
            return Diagnosis("no-gradient", 0.75, none, {"value": check.value})
    return None
