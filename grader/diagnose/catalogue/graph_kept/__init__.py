"""What is given away was computed in the graph and never taken off it."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.diagnose.scenes import follow
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis, Finding
from grader.model.value import Value


def match(facts: Facts) -> Diagnosis | None:
    """A result of recorded operations where nothing that requires grad was asked for."""
    for finding in facts.wrong:
        if finding.message.id.endswith(".must_not_require_grad"):
            for called, value in _asked(facts, finding):
                # A leaf that requires grad has no graph behind it.
                if value is not None and value.requires_grad and not value.leaf:
                    return Diagnosis("graph-kept", 0.93, (finding.check,), {"value": called})
    return None


def _asked(facts: Facts, finding: Finding) -> list[tuple[str, Value | None]]:
    """What the check looked at, by what the student knows it as."""
    check = facts.checks.get(finding.check)
    if isinstance(check, TensorCheck):
        return [(check.value, follow(check.value, facts.names(finding.cell)))]
    if not isinstance(check, CallCheck):
        return []
    about = f"{facts.exercise.id}/{check.id}/"
    calls = [call for id, call in facts.capture.calls.items() if id.startswith(about)]
    return [(f"{check.function}(...)", call.returned) for call in calls]
