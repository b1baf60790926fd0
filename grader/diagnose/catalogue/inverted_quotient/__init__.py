"""A quotient upside down."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The answer times what is expected is 1 in every place."""
    found = facts.explained(_inverse)
    if len(found) < 2 and sum(trial.actual.size for trial in found) < 2:
        return None
    return told("inverted-quotient", 0.96, found)


def _inverse(trial: Trial) -> Array | None:
    if not np.all(trial.expected) or np.all(np.abs(trial.expected) == 1):
        return None
    return 1 / trial.expected
