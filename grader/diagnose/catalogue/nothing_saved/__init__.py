"""A graph that keeps nothing, where a second pass was to fail."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.diagnose.unraised import not_raised, shared
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A second pass over the same nodes worked although the first did not keep the graph."""
    for finding, again in not_raised(facts, errors.STEMS["graph-freed"]):
        earlier = [one.event for one in facts.passes() if one.event.serial < again.serial]
        same = [event for event in earlier if shared(event, again) and event.error is None]
        if same and not any(event.retain_graph for event in same):
            nodes = sorted({node.name for node in again.nodes if node.leaf is None})
            params = {"nodes": ", ".join(nodes[:4])}
            return Diagnosis("nothing-saved", 0.93, (finding.check,), params)
    return None
