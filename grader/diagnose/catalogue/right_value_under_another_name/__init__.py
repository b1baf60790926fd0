"""The answer is there, under a name that no check looks at."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.diagnose.trials import alike, array, given
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A name that is asked for holds nothing, and another one holds what a pass gave there."""
    asked = {check.value for check in facts.exercise.checks if isinstance(check, TensorCheck)}
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        nothing = ("check.value.absent", "check.value.placeholder", "check.value.none")
        if not isinstance(check, TensorCheck) or finding.message.id not in nothing:
            continue
        if not facts.about_gradient(finding) or check.value.endswith(".grad"):
            continue
        moment = facts.scene.moment(check.cell)
        group = facts.scene.group(check.cell)
        if moment is None or not group:
            continue
        events = facts.scene.events(moment.cell, since=group[0] - 1)
        gave = [one for event in events for one in given(event).values() if one.any()]
        for name, value in moment.names.items():
            found = array(value)
            fresh = facts.code.assigned(name, check.cell) is not None
            if name in asked or not fresh or value.requires_grad or found is None:
                continue
            if any(alike(found, one) for one in gave):
                params = {"value": check.value, "name": name}
                return Diagnosis("right-value-under-another-name", 0.9, (finding.check,), params)
    return None
