"""One derivative of the chain was not multiplied in."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Hypothesis, Trial, explained, told
from grader.model.result import Diagnosis

_FACTORS = (1.0, 2.0, 0.5, 3.0)


def match(facts: Facts) -> Diagnosis | None:
    """What is expected is the answer times something that has a name; or that mends a formula."""
    mended = [
        (repair, trial)
        for repair in facts.repairs
        if repair.id == "missing-chain-factor"
        for trial in repair.trials
    ]
    found: list[Trial] = []
    factor = ""
    for name, times in _guesses(facts):
        new = explained(facts.trials, _without(name, times))
        new = tuple(trial for trial in new if trial not in found)
        values = [trial.candidates[name] for trial in new if name in trial.candidates]
        if len(values) > 1 and all(alike(one, values[0]) for one in values):
            continue
        if new and sum(trial.actual.size for trial in new) > 1:
            found += new
            factor = factor or (name if times == 1 else f"{times:g} * {name}")
    if found:
        shown = (*found, *(trial for _, trial in mended))
        few = sum(trial.actual.size for trial in shown) < 3
        return told("missing-chain-factor", 0.58 if few else 0.91, shown, factor=factor)
    if mended:
        factor = mended[0][0].after
        return told("missing-chain-factor", 0.9, [t for _, t in mended], factor=factor)
    return None


def _guesses(facts: Facts) -> list[tuple[str, float]]:
    names = {name for trial in facts.trials if not trial.right for name in trial.candidates}
    return [(name, times) for times in _FACTORS for name in sorted(names)]


def _without(name: str, times: float) -> Hypothesis:
    def foretell(trial: Trial) -> Array | None:
        one = trial.candidates.get(name)
        if one is None or not np.any(trial.expected) or np.all(np.abs(one) == 1):
            return None
        if trial.actual.shape != trial.expected.shape or trial.dtype == "bool":
            return None
        if _input_alone(trial, name):
            return None
        lacking = trial.actual * one * times
        close = np.isclose(lacking, trial.expected, rtol=3e-4, atol=1e-9)
        return trial.actual if close.all() and np.any(trial.actual) else None

    return foretell


def _input_alone(trial: Trial, name: str) -> bool:
    """Whether it is the variable of the derivative itself: that is the power rule's affair."""
    value = trial.names.get(name)
    if value is not None and value.leaf and value.requires_grad:
        return True
    return not trial.names and trial.cotangent is None and len(trial.inputs) == 1
