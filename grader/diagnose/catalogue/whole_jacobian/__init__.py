"""The whole table of derivatives where one part of it was asked for."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.source import calls, helpers
from grader.diagnose.trials import Trial, by_check, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis

# What makes a table of derivatives; a table by broadcasting is another mistake.
_TABLES = frozenset(["jacobian", "jacrev", "jacfwd", "hessian"])


def match(facts: Facts) -> Diagnosis | None:
    """Every answer is a table, and what is expected is the same part of it each time."""
    found: list[Trial] = []
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        if not isinstance(check, TensorCheck | CallCheck):
            continue
        if not calls(*helpers(facts.code, facts.code.answer(check))) & _TABLES:
            continue
        if all(trial.actual.ndim == 2 and min(trial.actual.shape) > 1 for trial in group):
            common = set.intersection(*(_parts(trial) for trial in group))
            found += group if common else []
    return told("whole-jacobian", 0.94, found, shape=str(found[0].actual.shape) if found else "")


def _parts(trial: Trial) -> set[str]:
    """Which parts of the answer are what is expected; of zeros nothing can be told."""
    table, wanted = trial.actual, trial.expected
    if wanted.ndim != 1 or not np.any(wanted) or np.all(wanted == wanted[0]):
        return set()
    parts: dict[str, Array] = {"diagonal": table.diagonal(), "sum": table.sum(0)}
    parts |= {f"row {index}": one for index, one in enumerate(table)}
    parts |= {f"column {index}": one for index, one in enumerate(table.T)}
    return {name for name, one in parts.items() if alike(np.asarray(one), wanted)}
