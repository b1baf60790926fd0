"""The answer is there, under a name that no check looks at."""

from __future__ import annotations

import numpy as np

from grader.diagnose.facts import Facts
from grader.diagnose.trials import Array, alike, array, fitted, given
from grader.model.exercise import TensorCheck
from grader.model.observation import CellObservation
from grader.model.result import Diagnosis

_NOTHING = (
    "check.value.absent",
    "check.value.placeholder",
    "check.value.none",
    "check.value.after_error",
)


def match(facts: Facts) -> Diagnosis | None:
    """A name that is asked for holds nothing, and another one holds what belongs there."""
    asked = {check.value for check in facts.exercise.checks if isinstance(check, TensorCheck)}
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if not isinstance(check, TensorCheck) or finding.message.id not in _NOTHING:
            continue
        moment = facts.scene.moment(check.cell)
        if moment is None or check.value.endswith(".grad"):
            continue
        wanted = _wanted(facts, check, moment)
        for name, value in moment.names.items():
            found = array(value)
            fresh = facts.code.assigned(name, check.cell) is not None
            if name in asked or not fresh or found is None or not np.any(found):
                continue
            if any(alike(fitted(found, one), one) for one in wanted):
                params = {"value": check.value, "name": name}
                return Diagnosis("right-value-under-another-name", 0.9, (finding.check,), params)
    return None


def _wanted(facts: Facts, check: TensorCheck, moment: CellObservation) -> list[Array]:
    """What the reference gives there; for a gradient also what the cell's own passes gave."""
    exact = facts.expectations.get(f"{facts.exercise.id}|run|{check.id}|value")
    known = None if exact is None else array(exact.exact)
    found = [] if known is None else [known]
    finding = next(one for one in facts.findings if one.check == check.id)
    if facts.about_gradient(finding):
        group = facts.scene.group(check.cell)
        events = facts.scene.events(moment.cell, since=group[0] - 1)
        found += [one for event in events for one in given(event).values() if one.any()]
    return found
