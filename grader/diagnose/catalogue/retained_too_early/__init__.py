"""The graph was kept in the step that was to show that it is gone."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.diagnose.unraised import not_raised, shared
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A second pass was to fail and did not: an earlier one over its root kept the graph."""
    for finding, again in not_raised(facts, errors.STEMS["graph-freed"]):
        for one in facts.passes():
            if (
                one.event.serial < again.serial
                and one.event.retain_graph
                and shared(one.event, again)
            ):
                params = {"code": errors.line(facts, one.cell, one.event.line)}
                return Diagnosis("retained-too-early", 0.93, (finding.check,), params)
    return None
