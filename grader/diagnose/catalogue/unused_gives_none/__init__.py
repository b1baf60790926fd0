"""Zeros were expected for an input that the result does not depend on."""

from __future__ import annotations

from grader.diagnose import leaves
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Zeros where None is right, in a cell that clears nothing."""
    for finding in facts.wrong:
        if _all_returned(facts, finding.cell):
            continue
        if leaves.zeros_for_none(facts, finding) and not leaves.cleared_in(facts, finding.cell):
            params = {"value": facts.called(finding), "actual": "0"}
            return Diagnosis("unused-gives-none", 0.75, (finding.check,), params)
    return None


def _all_returned(facts: Facts, cell: int | None) -> bool:
    """Whether each pass of the cell returned every gradient: `.grad` is None for that reason."""
    here = [one.event for one in facts.passes(cell) if one.cell == cell] if cell is not None else []
    return bool(here) and all(
        event.api == "grad" and event.returned and None not in event.returned for event in here
    )
