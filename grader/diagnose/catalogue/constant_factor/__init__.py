"""Every number is the expected one times the same factor."""

from __future__ import annotations

import numpy as np

from grader.diagnose.facts import Facts, Pair, close
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """One factor in all places; of a single number, only a factor that mistakes make."""
    found = [(pair, factor) for pair in facts.pairs() if (factor := _factor(pair)) is not None]
    if not found:
        return None
    pair, factor = max(found, key=lambda one: one[0].expected.size)
    return Diagnosis(
        "constant-factor",
        0.7 if np.unique(pair.expected).size > 1 else 0.5,
        tuple(p.finding.check for p, _ in found),
        {"value": facts.called(pair.finding), "factor": factor, **pair.numbers()},
    )


def _factor(pair: Pair) -> float | None:
    if not pair.expected.any() or not pair.actual.any():
        return None
    factor = float(pair.actual[pair.at] / pair.expected[pair.at])
    if abs(abs(factor) - 1) < 0.01 or not close(pair.actual, factor * pair.expected):
        return None
    if np.unique(pair.expected[pair.expected != 0]).size > 1:
        return factor
    return factor if _whole(factor) or _whole(1 / factor) else None


def _whole(factor: float) -> bool:
    return 1.5 < abs(factor) < 1000 and abs(factor - round(factor)) < 1e-3 * abs(factor)
