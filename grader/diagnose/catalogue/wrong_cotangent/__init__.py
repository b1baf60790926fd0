"""`backward` was given another v than was asked for: ones for v, or something else for ones."""

from __future__ import annotations

import numpy as np

from grader.diagnose.facts import Array, Facts, Pair, close, cotangent, flat, given, short
from grader.model.exercise import EventCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A pass whose cotangent is not the expected one, as it shows itself or in a gradient."""
    found = [(pair, both) for pair in facts.pairs() if (both := _both(facts, pair)) is not None]
    if not found:
        return None
    used, wanted = found[0][1]
    checks = tuple(pair.finding.check for pair, _ in found)
    params = {"used": short(used), "wanted": short(wanted)}
    return Diagnosis("wrong-cotangent", 0.92, checks, params)


def _both(facts: Facts, pair: Pair) -> tuple[Array, Array] | None:
    """The cotangent that was used and the one that was wanted."""
    check = facts.checks.get(pair.finding.check)
    if isinstance(check, EventCheck):
        about = (
            check.gradient is not None and pair.finding.message.params.get("value") == "gradient"
        )
        return (pair.actual, pair.expected) if about else None
    for one in facts.passes(pair.finding.cell):
        used = cotangent(one.event)
        gave = [given(one.event, leaf) for leaf in one.event.leaves]
        if used is None or not any(close(pair.actual, x) for both in gave for x in both):
            continue
        wanted = _wanted(facts, pair, used)
        if wanted is not None:
            return used, wanted
    return None


def _wanted(facts: Facts, pair: Pair, used: Array) -> Array | None:
    """The v that makes the gradient the expected one, of an elementwise function."""
    ones = np.ones_like(pair.actual)
    if used.shape == ones.shape and not close(used, np.full_like(used, used[0])):
        return ones if close(pair.actual, pair.expected * used) else None
    if not close(used, np.ones_like(used)):
        return None
    for value in facts.names(pair.finding.cell).values():
        v = flat(value)
        if v is None or v.shape != ones.shape or value.requires_grad:
            continue
        uniform = close(v, np.full_like(v, v[0]))
        if not uniform and not close(v, pair.expected) and close(pair.expected, pair.actual * v):
            return v
    return None
