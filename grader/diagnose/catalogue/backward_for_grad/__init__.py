"""`backward` was called where `autograd.grad` was asked for."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.model.exercise import EventCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """No pass of the wanted kind in the cell, and one of the other kind."""
    return instead(facts, "backward-for-grad", wanted="grad", used="backward")


def instead(facts: Facts, id: str, *, wanted: str, used: str) -> Diagnosis | None:
    """`id` where a check looks for passes by `wanted` and its cell made some by `used` only."""
    found = []
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if finding.message.id != "check.event.none" or not isinstance(check, EventCheck):
            continue
        selector = facts.exercise.events.get(check.event)
        if selector is None or selector.api != wanted or selector.cell is None:
            continue
        others = [o for o in facts.exercise.events.values() if o.cell == selector.cell]
        if any(o.api == used or (o.api is None and (o.leaf_elements or o.through)) for o in others):
            continue  # such passes are asked for in that cell as well
        cells = facts.scene.group(selector.cell)
        made = {p.event.api for p in facts.passes() if p.cell in cells and p.event.error is None}
        if made == {used}:
            found.append(finding.check)
    later = [f.check for f in facts.wrong if f.status == "failed" and f.check not in found]
    return Diagnosis(id, 0.975, (*found, *later)) if found else None
