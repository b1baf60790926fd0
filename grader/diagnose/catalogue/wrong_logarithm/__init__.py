"""A logarithm to base 2 or 10 where the natural one was asked for."""

from __future__ import annotations

import math

import numpy as np

from grader.diagnose.arrays import Array
from grader.diagnose.facts import Facts
from grader.diagnose.source import calls
from grader.diagnose.trials import Hypothesis, Trial, explained, told
from grader.model.result import Diagnosis

_BASES = {"log2": 2, "log10": 10}


def match(facts: Facts) -> Diagnosis | None:
    """Some or all numbers are 1/ln 2 or 1/ln 10 of what they should be."""
    used = calls(*facts.code.trees())
    for name, base in _BASES.items():
        mended = [
            trial
            for repair in facts.repairs
            if repair.id == "wrong-logarithm" and name in repair.before
            for trial in repair.trials
        ]
        found = [*mended, *explained(facts.trials, _in_part(1 / math.log(base)))]
        if found:
            sure = 0.96 if name in used else 0.85
            return told("wrong-logarithm", sure, found, base=base)
    return None


def _in_part(factor: float) -> Hypothesis:
    """Each number is right or off by the factor, and one at least is off."""

    def foretell(trial: Trial) -> Array | None:
        if trial.actual.shape != trial.expected.shape:
            return None
        off = np.abs(trial.actual - factor * trial.expected) <= 1e-4 * np.abs(trial.actual)
        return np.where(off, factor * trial.expected, trial.expected)

    return foretell
