"""`.grad` was filled where nothing was to be left in it."""

from __future__ import annotations

from grader.diagnose.arrays import array, short
from grader.diagnose.facts import Facts
from grader.model.exercise import EventCheck, TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A value that must be None after `autograd.grad` is a gradient."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if finding.message.id != "check.tensor.must_be_none" or not isinstance(check, TensorCheck):
            continue
        if "grad" not in _asked(facts, check):
            continue
        moment = facts.scene.moment(check.cell)
        value = array(moment.names.get(check.value)) if moment is not None else None
        if value is None or not value.any():
            continue
        same = [f.check for f in facts.wrong if f.check != finding.check and f.cell == finding.cell]
        ids = (finding.check, *same)
        params = {"value": check.value, "actual": short(value)}
        return Diagnosis("left-in-grad", 0.9, ids[:1], params)
    return None


def _asked(facts: Facts, check: TensorCheck) -> set[str | None]:
    """Which call the passes that the check waits for were to be made by."""
    events = [facts.checks.get(need) for need in check.needs]
    selectors = [facts.exercise.events.get(e.event) for e in events if isinstance(e, EventCheck)]
    return {selector.api for selector in selectors if selector is not None}
