"""The table of derivatives turned over: rows for columns."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.jacobians import tables
from grader.diagnose.trials import Trial, explained, told
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The transpose of what is expected; a row for a column; or the shape turned round."""
    found = (*explained(facts.trials, _turned), *_row(facts))
    if found:
        return told("transposed-jacobian", 0.94, found)
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if finding.message.id != "check.value.shape" or not isinstance(check, TensorCheck):
            continue
        wanted = check.shape or ()
        actual = finding.actual.shape if finding.actual is not None else ()
        if len(wanted) > 1 and wanted[0] != wanted[-1] and actual == tuple(reversed(wanted)):
            params: dict[str, str | int | float] = {
                "value": check.value,
                "actual": str(actual),
                "expected": str(wanted),
                "places": int(np.prod(actual)),
            }
            return Diagnosis("transposed-jacobian", 0.94, (finding.check,), params)
    return None


def _turned(trial: Trial) -> Array | None:
    if trial.expected.ndim < 2:
        return None
    turned = np.swapaxes(trial.expected, -1, -2)
    return None if alike(turned, trial.expected) else turned


def _row(facts: Facts) -> list[Trial]:
    """A row of the table where a column was wanted, or the other way round."""
    found: list[Trial] = []
    for trial in facts.trials:
        if trial.right or trial.expected.ndim != 1:
            continue
        for _, table in tables(facts.code, trial):
            columns = [i for i, one in enumerate(table.T) if alike(one, trial.expected)]
            rows = [i for i, one in enumerate(table) if alike(one, trial.expected)]
            if any(i < len(table) and alike(table[i], trial.actual) for i in columns) or any(
                i < table.shape[1] and alike(table[:, i], trial.actual) for i in rows
            ):
                found.append(trial)
                break
    return found
