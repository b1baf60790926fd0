"""Passes that were to end in an exception and did not."""

from __future__ import annotations

from collections.abc import Iterator

from grader.diagnose.facts import Facts
from grader.model.observation import Event
from grader.model.result import Finding


def not_raised(facts: Facts, stems: tuple[str, ...] = ("",)) -> Iterator[tuple[Finding, Event]]:
    """Findings that miss an exception with one of the stems, and the last pass in their cell."""
    for finding in facts.wrong:
        wanted = str(finding.message.params.get("expected"))
        if finding.message.id != "check.event.not_raised":
            continue
        if any(stem in wanted or (stem and wanted in stem) for stem in stems):
            here = [one.event for one in facts.passes() if one.cell == finding.cell]
            at = [event for event in here if event.line == finding.line] or here
            if at:
                yield finding, at[-1]


def shared(first: Event, second: Event) -> bool:
    """Whether two passes went over a common node of the graph."""
    nodes = {node.id for node in first.nodes if node.leaf is None}
    return any(node.id in nodes for node in second.nodes if node.leaf is None)
