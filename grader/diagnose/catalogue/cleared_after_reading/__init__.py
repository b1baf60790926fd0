"""`.grad` was cleared between the pass and the reading of it."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.source import clears
from grader.diagnose.trials import Trial, explained, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Exactly zero in all places, although a pass gave what is expected."""
    found = explained(facts.trials, _emptied)
    return told("cleared-after-reading", 0.97, found) if clears(*facts.code.trees()) else None


def _emptied(trial: Trial) -> Array | None:
    """Zeros, where a pass of this cell gave what was expected."""
    if np.any(trial.actual) or not np.any(trial.expected) or not trial.here:
        return None
    for event in trial.here:
        gave = given(event)
        if any(alike(one, trial.expected) for one in gave.values()):
            return np.zeros_like(trial.expected)
        parts = [float(one.ravel()[0]) for one in gave.values() if one.size == 1]
        if alike(np.sort(np.array(parts)), np.sort(trial.expected.ravel())):
            return np.zeros_like(trial.expected)
    return None
