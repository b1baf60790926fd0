"""A backward pass where the derivative along a direction, J·u, was asked for."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.jacobians import tables
from grader.diagnose.source import calls, helpers
from grader.diagnose.trials import Trial, told
from grader.model.exercise import CallCheck, SourceCheck, TensorCheck
from grader.model.result import Diagnosis

_BACKWARD = frozenset(["backward", "vjp", "grad", "jacrev"])
_NEAR = 1e-4


def match(facts: Facts) -> Diagnosis | None:
    """J·u is expected; the answer is a combination of rows, made by a backward pass."""
    found = [trial for trial in facts.trials if not trial.right and _rows(facts, trial)]
    if not found:
        return None
    forbidden = [
        f.check
        for f in facts.wrong
        if isinstance(facts.checks.get(f.check), SourceCheck)
        and f.message.id == "check.source.forbidden"
    ]
    named = told("vjp-for-jvp", 0.96, found)
    if named is None:
        return None
    ids = (*forbidden, *named.checks)
    return Diagnosis(named.id, named.confidence, tuple(dict.fromkeys(ids)), named.params)


def _rows(facts: Facts, trial: Trial) -> bool:
    check = facts.checks.get(trial.check)
    if not isinstance(check, TensorCheck | CallCheck):
        return False
    node = facts.code.answer(check)
    cell = facts.code.trees(check.cell) if isinstance(check, TensorCheck) else ()
    if node is None or not calls(*helpers(facts.code, node), *cell) & _BACKWARD:
        return False
    for name, table in tables(facts.code, trial):
        directions = [v for other, v in trial.inputs.items() if other != name]
        along = any(
            v.shape == (table.shape[1],) and alike(table @ v, trial.expected.ravel())
            for v in directions
        )
        if along and trial.actual.shape == (table.shape[1],) and _combined(table, trial):
            return True
    return False


def _combined(table: Array, trial: Trial) -> bool:
    """wᵀJ for some w, each place perhaps multiplied by the direction."""
    scales = [np.ones(table.shape[1])]
    scales += [v for v in trial.inputs.values() if v.shape == (table.shape[1],) and np.all(v)]
    ones = np.ones(len(table)) @ table
    if any(alike(ones * scale, trial.actual) for scale in scales):
        return True
    weights, *_ = np.linalg.lstsq(table.T, trial.actual, rcond=None)
    fits = np.allclose(table.T @ weights, trial.actual, rtol=_NEAR, atol=_NEAR)
    return bool(fits) and len(table) < table.shape[1]
