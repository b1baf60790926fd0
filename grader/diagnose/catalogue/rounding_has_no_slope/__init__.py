"""A gradient of 0 because a step function lies on the way."""

from __future__ import annotations

from grader.diagnose.code import calls, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

_STEPS = ("round", "floor", "ceil", "sign", "trunc", "heaviside")


def match(facts: Facts) -> Diagnosis | None:
    """A gradient is 0 in all places, and the graph goes through a step function."""
    for pair in facts.pairs():
        if pair.actual.any() or not pair.expected.any() or not facts.about_gradient(pair.finding):
            continue
        nodes = {
            node.name.lower() for one in facts.passes(pair.finding.cell) for node in one.event.nodes
        }
        if not any(node.startswith(step) for node in nodes for step in _STEPS):
            continue
        for cell in written(facts, until=pair.finding.cell):
            for call in calls(cell.tree, *_STEPS):
                params = {"code": cell.line(call.lineno)}
                return Diagnosis("rounding-has-no-slope", 0.92, (pair.finding.check,), params)
    return None
