"""A mean or sum over another axis than the one that was asked for, or over all."""

from __future__ import annotations

import ast
from itertools import combinations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.source import called, calls, helpers, walk
from grader.diagnose.trials import Trial, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis

_REDUCTIONS = frozenset(["mean", "sum", "prod", "norm"])


def match(facts: Facts) -> Diagnosis | None:
    """What is the same everywhere is one over the length of another axis, or of several."""
    if not calls(*facts.code.trees()) & _REDUCTIONS:
        return None
    found = facts.explained(_of_another_axis)
    found = found or tuple(trial for trial in facts.trials if _totals_agree(trial))
    if not found:
        return None
    if _named(facts, found[0]):
        return None
    first = found[0]
    sizes = next((one.shape for one in first.inputs.values() if one.ndim > 1), first.actual.shape)
    return told("wrong-axis", 0.96, found, shape=str(sizes))


def _named(facts: Facts, trial: Trial) -> bool:
    """Whether the code of the answer reduces over the axis whose length is what is expected."""
    check = facts.checks.get(trial.check)
    if not isinstance(check, TensorCheck | CallCheck) or not np.any(trial.expected):
        return False
    share = float(trial.expected.ravel()[0])
    wanted = 1 / share if share else 0.0
    for node in walk(*helpers(facts.code, facts.code.answer(check))):
        if not isinstance(node, ast.Call) or called(node) not in _REDUCTIONS:
            continue
        for keyword in node.keywords:
            if keyword.arg not in ("dim", "axis") or not isinstance(keyword.value, ast.Constant):
                continue
            for one in trial.inputs.values():
                axis = keyword.value.value
                if (
                    one.shape == trial.expected.shape
                    and isinstance(axis, int)
                    and (-one.ndim <= axis < one.ndim and abs(one.shape[axis] - wanted) < 1e-3)
                ):
                    return True
    return False


def _totals_agree(trial: Trial) -> bool:
    """A row of another length with the same sum, or the same mean: another axis was left."""
    actual, expected = trial.actual, trial.expected
    if actual.ndim != 1 or expected.ndim != 1 or actual.size == expected.size:
        return False
    if min(np.unique(actual).size, np.unique(expected).size) < 2:
        return False
    return alike(actual.sum(), expected.sum()) or alike(actual.mean(), expected.mean())


def _of_another_axis(trial: Trial) -> Array | None:
    for one in trial.inputs.values():
        if one.ndim < 2 or one.shape != trial.expected.shape or trial.actual.shape != one.shape:
            continue
        wanted, got = float(trial.expected.ravel()[0]), float(trial.actual.ravel()[0])
        uniform = np.all(trial.expected == wanted) or np.allclose(trial.expected, wanted)
        shares = {
            float(1 / np.prod([one.shape[axis] for axis in axes]))
            for count in range(1, one.ndim + 1)
            for axes in combinations(range(one.ndim), count)
        }
        if uniform and _among(wanted, shares) and _among(got, shares):
            return np.full(one.shape, got)
    return None


def _among(number: float, shares: set[float]) -> bool:
    return any(abs(number - share) < 1e-4 * share for share in shares)
