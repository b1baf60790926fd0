"""`retain_graph=True` let a second pass over one graph add to the gradient."""

from __future__ import annotations

from itertools import pairwise

from grader.diagnose import errors
from grader.diagnose.facts import Facts, close
from grader.diagnose.unraised import shared
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Twice the gradient, and two passes over one graph that the first of them kept."""
    for pair in facts.pairs():
        passes = [one for one in facts.passes(pair.finding.cell) if one.event.api == "backward"]
        for first, second in pairwise(passes):
            kept = first.event.retain_graph and shared(first.event, second.event)
            if kept and close(pair.actual, 2 * pair.expected):
                params = {
                    "code": errors.line(facts, first.cell, first.event.line),
                    "value": facts.called(pair.finding),
                    **pair.numbers(),
                }
                return Diagnosis("retained-as-cure", 0.5, (pair.finding.check,), params)
    return None
