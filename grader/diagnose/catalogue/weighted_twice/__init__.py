"""v in the function and in the argument of `backward` too: v² in the place of v."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.trials import Hypothesis, Trial, explained, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Each place, or each pass, is multiplied by its weight once more."""
    found: list[Trial] = []
    name = ""
    for weight in sorted({n for trial in facts.trials for n in trial.inputs}):
        new = [t for t in explained(facts.trials, _again(weight)) if t not in found]
        if new:
            found += new
            name = name or weight
    return told("weighted-twice", 0.955, found, name=name)


def _again(name: str) -> Hypothesis:
    def foretell(trial: Trial) -> Array | None:
        v = trial.inputs.get(name)
        if v is None or v.ndim != 1 or v.size < 2 or not trial.here or not _passed(trial, v):
            return None
        value = trial.names.get(name)
        if value is not None and value.requires_grad:
            return None
        if trial.expected.shape == v.shape:
            with np.errstate(all="ignore"):
                running = trial.expected * np.cumsum(v**2) / np.cumsum(v)
            if alike(running, trial.actual):
                return running
            return trial.expected * v
        if trial.expected.size == 1 and v.sum():
            return np.asarray(trial.expected * (v**2).sum() / v.sum())
        return None

    return foretell


def _passed(trial: Trial, v: Array) -> bool:
    """Whether the weights were arguments of passes, all at once or one after the other."""
    passed = [
        np.asarray(gradient.data, np.float64)
        for event in trial.here
        if given(event)
        for gradient in event.gradients
        if gradient is not None and gradient.data is not None
    ]
    single = np.array([float(one) for one in passed if one.size == 1])
    return any(alike(one, v) for one in passed) or alike(single, v)
