"""The answer for the first of several points, repeated for all."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, explained, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """What is expected for the first point stands in every place."""
    found = explained(facts.trials, _first)
    return told("batch-of-one", 0.96, found, count=len(found[0].expected) if found else 0)


def _first(trial: Trial) -> Array | None:
    expected = trial.expected
    if expected.ndim < 2 or len(expected) < 2 or all(alike(r, expected[0]) for r in expected):
        return None
    points = any(one.ndim and len(one) == len(expected) for one in trial.inputs.values())
    if not points and len(trial.inputs) == len(expected):
        return None  # its rows are the gradients by one argument after another
    return np.broadcast_to(expected[0], expected.shape)
