"""`retain_graph=True` let a second pass over one graph add to the gradient."""

from __future__ import annotations

from itertools import pairwise

from grader.diagnose import errors
from grader.diagnose.facts import Facts, Pair, Pass, close, flat
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Twice the gradient, and two passes from one root, the first of which kept the graph."""
    doubled = [pair for pair in facts.pairs() if close(pair.actual, 2 * pair.expected)]
    found = [(pair, kept) for pair in doubled if (kept := _kept(facts, pair))]
    if not found:
        return None
    pair, kept = found[0]
    params = {
        "code": errors.line(facts, kept.cell, kept.event.line),
        "value": facts.called(pair.finding),
        **pair.numbers(),
    }
    checks = tuple(pair.finding.check for pair, _ in found)
    return Diagnosis("retained-as-cure", 0.97, checks, params)


def _kept(facts: Facts, pair: Pair) -> Pass | None:
    """A pass that kept the graph for the next one, which nobody asked for and left the answer."""
    passes = [one for one in facts.passes(pair.finding.cell) if one.event.api == "backward"]
    for first, second in pairwise(passes):
        roots = [{root.id for root in one.event.roots} - {None} for one in (first, second)]
        left = any(close(flat(leaf.after), pair.actual) for leaf in second.event.leaves)
        again = first.event.retain_graph and bool(roots[0] & roots[1])
        if again and left and not _asked(facts, second.cell):
            return first
    return None


def _asked(facts: Facts, cell: int) -> bool:
    """Whether the exercise itself wants a second pass over one graph in that cell."""
    here = {one.name for one in facts.submission.cells if one.index == cell}
    return any(one.again for one in facts.exercise.events.values() if one.cell in here)
