"""a'·b' for (a·b)', or the derivatives of two paths multiplied."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, explained, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The product of two inputs, where the product rule's sum is expected; or the formula's."""
    mended = [
        trial
        for repair in facts.repairs
        if repair.id == "product-of-derivatives"
        for trial in repair.trials
    ]
    found = explained(facts.trials, _product)
    return told("product-of-derivatives", 0.95, (*found, *mended))


def _product(trial: Trial) -> Array | None:
    """x·y, where x·p + y·q is expected of four inputs."""
    parts = list(trial.inputs.values())
    if len(parts) != 4 or len({one.shape for one in parts}) != 1:
        return None
    for i in range(4):
        for j in range(i):
            p, q = (one for k, one in enumerate(parts) if k not in (i, j))
            x, y = parts[i], parts[j]
            rule = alike(x * p + y * q, trial.expected) or alike(x * q + y * p, trial.expected)
            if rule and alike(x * y, trial.actual):
                return np.asarray(x * y)
    return None
