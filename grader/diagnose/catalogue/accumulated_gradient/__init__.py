"""`.grad` still held an earlier pass's gradient when the next one was added to it."""

from __future__ import annotations

from grader.diagnose.facts import Facts, Pair, close, flat, given
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The surplus is what some pass found in the `.grad` of that leaf when it began."""
    found = [(pair, before) for pair in facts.pairs() if (before := _surplus(facts, pair)) != 0]
    if not found:
        return None
    pair, before = found[0]
    factor = pair.actual[pair.at] / pair.expected[pair.at]
    whole = close(pair.actual, round(factor) * pair.expected)
    return Diagnosis(
        "accumulated-gradient",
        0.97 if whole else 0.9,
        tuple(p.finding.check for p, _ in found),
        {"value": facts.called(pair.finding), "before": before, **pair.numbers()},
    )


def _surplus(facts: Facts, pair: Pair) -> float:
    """What was there before at the pair's element; 0 where that does not explain it."""
    if not pair.expected.any():
        return 0.0
    leaves = [
        (leaf.id, flat(leaf.before), given(one.event, leaf)[1])
        for one in facts.passes(pair.finding.cell)
        for leaf in one.event.leaves
    ]
    mine = {id for id, _, after in leaves if close(pair.actual, after)}
    for id, before, _ in leaves:
        if id in mine and before is not None and close(pair.actual - pair.expected, before):
            return float(before[pair.at])
    return 0.0
