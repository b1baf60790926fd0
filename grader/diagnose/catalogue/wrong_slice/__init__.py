"""The right operation on other elements than those that were asked for."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """In each place right or zero, and zero in other places than expected."""
    found = [trial for trial in facts.explained(_elsewhere) if trial.actual.ndim]
    if not found:
        return None
    first = found[0]
    return told("wrong-slice", 0.93, found, got=_where(first.actual), wanted=_where(first.expected))


def _elsewhere(trial: Trial) -> Array | None:
    actual, expected = trial.actual, trial.expected
    if actual.shape != expected.shape or not np.isfinite(actual).all():
        return None
    same = np.isclose(actual, expected, rtol=3e-4, atol=1e-9)
    surplus = ~same & (expected == 0)
    lacking = ~same & (actual == 0)
    if not surplus.any() or not lacking.any() or not (same | surplus | lacking).all():
        return None
    if surplus.sum() != lacking.sum() or actual.size < 3:
        return None
    return actual


def _where(values: Array) -> str:
    """The places that are not zero, counted from 0."""
    return ", ".join(str(int(place)) for place in np.flatnonzero(values)[:8])
