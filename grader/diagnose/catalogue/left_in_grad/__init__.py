"""`.grad` was filled where nothing was to be left in it."""

from __future__ import annotations

import ast

from grader.diagnose.arrays import array, short
from grader.diagnose.code import changed
from grader.diagnose.facts import Facts
from grader.diagnose.source import calls, helpers, walk
from grader.model.exercise import CallCheck, EventCheck, TensorCheck
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
        params = {"value": check.value, "actual": short(value)}
        if filling := _filling(facts):
            # Seen twice: in what is left, and in the tensor that the function was given.
            return Diagnosis("left-in-grad", 0.96, (*filling, finding.check), params)
        return Diagnosis("left-in-grad", 0.9, (finding.check,), params)
    return None


def _asked(facts: Facts, check: TensorCheck) -> set[str | None]:
    """Which call the passes that the check waits for were to be made by."""
    events = [facts.checks.get(need) for need in check.needs]
    selectors = [facts.exercise.events.get(e.event) for e in events if isinstance(e, EventCheck)]
    return {selector.api for selector in selectors if selector is not None}


def _filling(facts: Facts) -> list[str]:
    """Checks of functions that left a tensor changed, and can have done so in its `.grad` only."""
    return [
        finding.check
        for finding, check, node in facts.answers(("failed",))
        if finding.message.id == "check.call.changed"
        and isinstance(check, CallCheck)
        and _fills(*(code := helpers(facts.code, node)))
        and "requires_grad_" not in calls(*code)
        and not any(changed(one) for one in code)
        and not any(isinstance(one, ast.Attribute) and one.attr == "data" for one in walk(*code))
    ]


def _fills(*code: ast.AST) -> bool:
    """Whether a `.grad` is assigned, or a pass by `backward` made."""
    targets = [
        target
        for node in walk(*code)
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    filled = any(isinstance(one, ast.Attribute) and one.attr == "grad" for one in targets)
    return filled or "backward" in calls(*code)
