"""Every number is off by the same factor."""

from __future__ import annotations

from fractions import Fraction

from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, by_check, ratio, same, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """One factor in all places, and the same one with other inputs; or a factor of one term."""
    found: list[Trial] = []
    factors: list[float] = []
    for group in by_check((*facts.trials, *facts.alone)).values():
        wrong = [trial for trial in group if not trial.right]
        factor = same(wrong, ratio)
        if factor is None or factor == 0 or len(wrong) != len(group):
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
        first = more[0]
        factor = float(first.actual.ravel()[0] / first.expected.ravel()[0])
    sure = 0.78 if len(found) > 1 or more else 0.7
    return told("constant-factor", sure, (*found, *more), factor=_plain(factor))


def _plain(factor: float) -> str:
    """`2`, `1/3`, or digits."""
    near = Fraction(factor).limit_denominator(20)
    if near and abs(float(near) - factor) < 1e-4 * abs(factor):
        return str(near)
    return f"{factor:.4g}"
