"""The first derivative squared, where the second was asked for."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.trials import Trial, explained, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The square of what a pass gave, or of what another check expects."""
    found = explained(facts.trials, lambda trial: _squared(facts, trial))
    return told("square-of-the-gradient", 0.96, found)


def _squared(facts: Facts, trial: Trial) -> Array | None:
    gave = [one for event in trial.passes for one in given(event).values()]
    slopes = [one for id, one in trial.siblings.items() if facts.about_gradient_of(id)]
    for one in (*slopes, *gave):
        if one.size > 1 and not alike(one**2, np.abs(one)) and alike(one**2, trial.actual):
            return one**2
    return None
