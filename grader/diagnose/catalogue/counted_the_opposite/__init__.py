"""Those were counted that were to be left out."""

from __future__ import annotations

import math

from grader.diagnose import leaves
from grader.diagnose.code import read
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A wrong count that makes, with the right one, the number of truth values it counts."""
    for pair in facts.pairs():
        cell = pair.finding.cell
        if pair.actual.size != 1 or cell is None:
            continue
        total = float(pair.actual[0] + pair.expected[0])
        counted = {name for step in leaves.made(facts, pair.finding) for name in read(step.value)}
        if counted & {facts.called(f) for f in facts.wrong if f is not pair.finding}:
            continue
        sizes = {
            math.prod(value.shape)
            for name, value in facts.names(cell).items()
            if name in counted and value.dtype == "bool" and value.shape
        }
        if total in sizes:
            params = {"value": facts.called(pair.finding), "total": total, **pair.numbers()}
            return Diagnosis("counted-the-opposite", 0.88, (pair.finding.check,), params)
    return None
