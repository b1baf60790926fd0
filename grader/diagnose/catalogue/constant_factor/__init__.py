"""Every number is off by the same factor."""

from __future__ import annotations

import ast
from fractions import Fraction

import numpy as np

from grader.diagnose.arrays import alike
from grader.diagnose.facts import Facts
from grader.diagnose.repairs import Repair
from grader.diagnose.source import results
from grader.diagnose.trials import Trial, by_check, places, ratio, same, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis

_WRITTEN = 0.96


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
        if _right_elsewhere(facts, wrong[0], factor):
            continue
        if factor > 0 or abs(factor + 1) > 1e-3:
            found += wrong
            factors.append(factor)
    mended = [repair for repair in facts.repairs if repair.id == "constant-factor"]
    more = [trial for repair in mended if _tells(facts, repair) for trial in repair.trials]
    if not found and not more:
        return None
    factor = factors[0] if factors else 0.0
    if not found and more:
        factor = _largest(more[0])
    many = places(found)
    sure = 0.78 if many > 1 or more else 0.5
    if not more and "." in _plain(factor):
        if many == 1:
            return None  # two numbers always have a quotient
        sure = 0.5  # no factor that somebody forgets
    if found and _stands_there(facts, found[0].check, factor):
        sure = _WRITTEN
    return told("constant-factor", sure, (*found, *more), factor=_plain(factor))


def _right_elsewhere(facts: Facts, trial: Trial, factor: float) -> bool:
    """Whether another answer of the run is right that was to be the same, or is this very one.

    Then the form was never in doubt: something was kept, or read too early. Single numbers may be
    the same by chance.
    """
    passed = {one.check for one in facts.findings if one.status == "passed"}
    others = [one for id, one in trial.siblings.items() if id in passed]
    near = any(alike(one, trial.expected) or alike(one, trial.actual) for one in others)
    return near and trial.actual.size > 1 and not _stands_there(facts, trial.check, factor)


def _tells(facts: Facts, repair: Repair) -> bool:
    """Whether a mended constant is more than chance: one number that is no slope has many."""
    check = repair.trials[0].check
    return places(repair.trials) > 1 or facts.about_gradient_of(check)


def _stands_there(facts: Facts, id: str, factor: float) -> bool:
    """Whether the answer is multiplied by that very number in the end: without it, it is right."""
    check = facts.checks.get(id)
    node = facts.code.answer(check) if isinstance(check, TensorCheck | CallCheck) else None
    return node is not None and any(
        isinstance(side, ast.Constant)
        and isinstance(side.value, int | float)
        and abs(side.value - factor) < 1e-3 * abs(factor)
        for result in results(node)
        if isinstance(result, ast.BinOp) and isinstance(result.op, ast.Mult)
        for side in (result.left, result.right)
    )


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
