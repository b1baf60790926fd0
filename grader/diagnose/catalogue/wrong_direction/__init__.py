"""The derivative along another direction than the one that was asked for."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike, short
from grader.diagnose.facts import Facts
from grader.diagnose.jacobians import tables
from grader.diagnose.trials import Trial, explained, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The table times ones, or times another unit vector, where J·u is expected."""
    found = explained(facts.trials, lambda trial: _other(facts, trial))
    if not found:
        return None
    used, wanted = _directions(facts, found[0])
    return told("wrong-direction", 0.925, found, used=used, wanted=wanted)


def _other(facts: Facts, trial: Trial) -> Array | None:
    for _, table in tables(facts.code, trial):
        wanted = _along(table, trial, trial.expected)
        used = _along(table, trial, trial.actual)
        if wanted is not None and used is not None and not alike(wanted, used):
            found: Array = table @ used
            return found.reshape(trial.expected.shape)
    return None


def _along(table: Array, trial: Trial, answer: Array) -> Array | None:
    """The direction, of those that come to mind, along which the table gives the answer."""
    size = table.shape[1]
    given = [one for one in trial.inputs.values() if one.shape == (size,)]
    known: list[Array] = [*given, np.ones(size), *np.eye(size)]
    for direction in known:
        if alike(table @ direction, answer.ravel()):
            return direction
    return None


def _directions(facts: Facts, trial: Trial) -> tuple[str, str]:
    for _, table in tables(facts.code, trial):
        used, wanted = _along(table, trial, trial.actual), _along(table, trial, trial.expected)
        if used is not None and wanted is not None:
            return short(used), short(wanted)
    return "…", "…"
