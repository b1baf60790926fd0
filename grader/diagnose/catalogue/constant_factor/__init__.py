"""Every number is off by the same factor."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, by_check, ratio, same, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """One factor in all places, and the same one with other inputs; or a factor of one term."""
    found: list[Trial] = []
    factors: list[float] = []
    for group in by_check((*facts.trials, *facts.alone)).values():
        wrong = [trial for trial in group if not trial.right]
        if any(trial.dtype is not None and "float" not in trial.dtype for trial in wrong):
            continue
        factor = same(wrong, ratio)
        if factor is None or factor == 0:
            continue
        if any(np.any(trial.expected) for trial in group if trial.right):
            continue
        if factor > 0 or abs(factor + 1) > 1e-3:
            found += wrong
            factors.append(factor)
    mended = [repair for repair in facts.repairs if repair.id == "constant-factor"]
    more = [trial for repair in mended for trial in repair.trials]
    if not found and not more:
        return None
    factor = factors[0] if factors else 0.0
    if not found and more:
        factor = _largest(more[0])
    places = sum(trial.actual.size for trial in found)
    sure = 0.78 if places > 1 or more else 0.5
    if not more and "." in _plain(factor):
        sure = 0.5  # no factor that somebody forgets
    return told("constant-factor", sure, (*found, *more), factor=_plain(factor))


def _largest(trial: Trial) -> float:
    """The quotient at the largest finite number that is expected."""
    size = np.where(np.isfinite(trial.expected), np.abs(trial.expected), 0.0)
    if trial.actual.shape != size.shape or not size.size or not size.max():
        return 0.0
    at = int(np.argmax(size))
    factor = float(trial.actual.ravel()[at] / trial.expected.ravel()[at])
    return factor if np.isfinite(factor) else 0.0


def _plain(factor: float) -> str:
    """`2`, `1/3`, or digits."""
    near = Fraction(factor).limit_denominator(20)
    if near and abs(float(near) - factor) < 1e-4 * abs(factor):
        return str(near)
    return f"{factor:.4g}"
