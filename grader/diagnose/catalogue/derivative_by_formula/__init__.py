"""The derivative was worked out by a formula; no pass made it."""

from __future__ import annotations

from grader.diagnose.facts import Facts, root
from grader.model.exercise import SourceCheck, TensorCheck
from grader.model.result import Diagnosis

FORMULAS = ("cos", "sin", "exp", "log", "tan", "cosh", "sinh", "tanh", "sqrt", "pow", "polar")


def match(facts: Facts) -> Diagnosis | None:
    """A function that stands for the derivative was called, or an answer has no pass behind it."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if not isinstance(check, SourceCheck) or finding.message.id != "check.source.forbidden":
            continue
        name = str(finding.message.params.get("name", ""))
        if name.rpartition(".")[2] in FORMULAS:
            return Diagnosis("derivative-by-formula", 0.93, (finding.check,), {"name": name})
    return _without_pass(facts)


def _without_pass(facts: Facts) -> Diagnosis | None:
    """A pass is missing, and yet the gradient that it should have made has numbers."""
    missing = [f for f in facts.wrong if f.message.id == "check.event.none"]
    skipped = {f.check for f in facts.findings if f.status in ("skipped", "passed")}
    names = facts.names()
    for check in facts.exercise.checks:
        waits = {need for need in check.needs if need in {f.check for f in missing}}
        if not isinstance(check, TensorCheck) or not waits or check.id not in skipped:
            continue
        value = names.get(root(check.value))
        if value is not None and value.data is not None and not check.value.endswith(".grad"):
            checks = tuple(f.check for f in missing)
            return Diagnosis("derivative-by-formula", 0.7, checks, {"name": check.value})
    return None
