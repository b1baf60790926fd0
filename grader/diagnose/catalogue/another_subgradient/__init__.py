"""Right but at a kink or a tie, where functions of the same values have different gradients."""

from __future__ import annotations

import ast

import numpy as np
import numpy.typing as npt

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.source import called, walk
from grader.diagnose.trials import Trial, by_check, told
from grader.model.result import Diagnosis

_KINKS = frozenset(
    [
        *("relu", "relu_", "relu6", "leaky_relu", "hardtanh", "threshold", "abs", "absolute"),
        *("clamp", "clamp_min", "clamp_max", "clip", "maximum", "minimum", "fmax", "fmin"),
        *("max", "min", "amax", "amin", "where", "sign", "heaviside"),
    ]
)
_ORDERED = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)


def match(facts: Facts) -> Diagnosis | None:
    """Every wrong number stands where an input is at a kink of what the code holds."""
    kinks = _kinks(facts)
    if kinks is None:
        return None
    found: list[Trial] = []
    place = 0
    for id, group in by_check(facts.trials).items():
        wrong = [trial for trial in group if not trial.right]
        if wrong and facts.about_gradient_of(id) and all(_at_kinks(t, kinks) for t in wrong):
            place = place if found else _widest(wrong[0])
            found += wrong
    return told("another-subgradient", 0.96, found, place=place)


def _kinks(facts: Facts) -> frozenset[float] | None:
    """Inputs at which the code may have a kink; None where it holds no function with one."""
    trees = (*facts.code.trees(), *(tree for _, tree in facts.code.locked))
    bent = [
        node
        for node in walk(*trees)
        if (isinstance(node, ast.Call) and called(node) in _KINKS)
        or (isinstance(node, ast.Compare) and isinstance(node.ops[0], _ORDERED))
    ]
    found = {
        float(node.value)
        for node in walk(*bent)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    }
    return frozenset({0.0, *found, *(-one for one in found)}) if bent else None


def _wrong(trial: Trial) -> npt.NDArray[np.bool_]:
    """Where the answer is another number than expected."""
    size = np.maximum(np.abs(trial.actual), np.abs(trial.expected))
    limit = 3e-4 * size + 1e-6 * float(size.max(initial=0.0))
    return np.asarray(np.abs(trial.actual - trial.expected) > limit)


def _widest(trial: Trial) -> int:
    """The place with the largest difference, counted row by row."""
    return int(np.argmax(np.abs(trial.actual - trial.expected)))


def _at_kinks(trial: Trial, kinks: frozenset[float]) -> bool:
    """Whether the answer is right in other places, and in the wrong ones an input has a kink."""
    actual, expected = trial.actual, trial.expected
    if actual.shape != expected.shape or not actual.ndim:
        return False
    if not np.isfinite(actual).all() or not np.isfinite(expected).all():
        return False
    wrong = _wrong(trial)
    inputs = _inputs(trial)
    if not wrong.any():
        return False
    ties = any(_shared(one, trial, wrong) for one in inputs)
    if wrong.all():  # nothing is right: only a tie that is shared in another way tells enough
        return ties
    bent = any(np.isin(one[wrong], list(kinks)).all() for one in inputs)
    level = any(
        alike(one[wrong], other[wrong]) and not alike(one, other)
        for one in inputs
        for other in inputs
    )
    return ties or bent or level


def _shared(values: Array, trial: Trial, wrong: npt.NDArray[np.bool_]) -> bool:
    """Whether the wrong places hold tied inputs, and together get what they should."""
    for tied in np.unique(values[wrong]):
        at = wrong & (values == tied)
        totals = [np.asarray(one[at].sum()) for one in (trial.actual, trial.expected)]
        if at.sum() < 2 or not totals[1] or not alike(*totals):
            return False
    return True


def _inputs(trial: Trial) -> list[Array]:
    """What the gradient may be taken by: inputs, and leaves of the student's own."""
    found = dict(trial.inputs)
    for name, one in trial.names.items():
        if one.requires_grad and one.leaf and name in trial.readable:
            found[name] = trial.readable[name]
    return [one for one in found.values() if one.shape == trial.expected.shape]
