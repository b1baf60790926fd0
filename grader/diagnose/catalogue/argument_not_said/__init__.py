"""A pass from one number, with the argument 1 or without it, and the other was asked for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from grader.diagnose import errors
from grader.diagnose.arrays import array
from grader.diagnose.facts import Facts
from grader.model.exercise import EventCheck, TensorCheck
from grader.model.observation import Event
from grader.model.result import Diagnosis, Finding
from grader.model.value import Value

# What was asked for, by what was found.
_WANTED = {
    "check.event.no_argument": {
        "backward": "backward(gradient)",
        "grad": "grad(..., grad_outputs=gradient)",
    },
    "check.event.an_argument": {"backward": "backward()", "grad": "grad(...)"},
}


def match(facts: Facts) -> Diagnosis | None:
    """The call is not the one that was asked for, and gave the same gradient."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        wanted = _WANTED.get(finding.message.id)
        if wanted is None or not isinstance(check, EventCheck):
            continue
        passes = [one.event for one in facts.passes() if one.cell == finding.cell]
        told = [event for event in passes if event.line == finding.line]
        if finding.line is not None and told and _same(facts, finding, check, told):
            params = {
                "wanted": wanted[told[-1].api],
                "code": errors.line(facts, finding.cell or 0, finding.line),
            }
            return Diagnosis("argument-not-said", 0.9, (finding.check,), params)
    return None


def _same(facts: Facts, finding: Finding, check: EventCheck, events: Iterable[Event]) -> bool:
    """Whether the passes start from one number, and with the argument that was asked for, or that
    was to be left out, would have given what they gave."""
    for event in events:
        if event.error is not None or any(root.shape not in {(), (1,)} for root in event.roots):
            return False
        if not all(_one(gradient) for gradient in event.gradients if gradient is not None):
            return False
    return finding.message.id == "check.event.an_argument" or _one_was_asked_for(facts, check)


def _one_was_asked_for(facts: Facts, check: EventCheck) -> bool:
    """Whether the argument was to be 1; where no reference says so, what the pass gave is right."""
    if check.gradient is not None:
        about = f"{facts.exercise.id}|run|{check.id}|"
        said = [
            answer.exact
            for key, answer in facts.expectations.items()
            if key.startswith(about) and key.endswith("/v")
        ]
        return bool(said) and all(_one(one) for one in said)
    selector = facts.exercise.events.get(check.event)
    held = {
        other.id
        for other in facts.exercise.checks
        if isinstance(other, TensorCheck)
        and other.expect is not None
        and selector is not None
        and (other.cell == selector.cell or check.id in other.needs)
        and facts.about_gradient_of(other.id)
    }
    return bool(held) and all(one.right for one in facts.trials if one.check in held)


def _one(value: Value | None) -> bool:
    numbers = array(value)
    return numbers is not None and bool(numbers.size) and bool(np.all(numbers == 1))
