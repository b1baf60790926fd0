"""The square of a sum for the sum of squares: a power taken at the wrong moment."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.arrays import Array
from grader.diagnose.facts import Facts
from grader.diagnose.source import walk
from grader.diagnose.trials import Trial, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A power moved inside mends the formula; or the gradient is one sum in all places."""
    mended = [repair for repair in facts.repairs if repair.id == "operator-precedence"]
    found = facts.explained(_one_sum)
    if mended:
        trials = [trial for repair in mended for trial in repair.trials]
        return told(
            "operator-precedence",
            0.96,
            (*trials, *found),
            before=mended[0].before,
            after=mended[0].after,
        )
    power = any(
        isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow) for n in walk(*facts.code.trees())
    )
    if not found or not power:
        return None
    return told("operator-precedence", 0.93, found, before="(a + b) ** 2", after="a ** 2 + b ** 2")


def _one_sum(trial: Trial) -> Array | None:
    """The sum of what was expected, in each place."""
    if trial.expected.size < 2 or np.all(trial.expected == trial.expected.ravel()[0]):
        return None
    return np.full(trial.expected.shape, trial.expected.sum())
