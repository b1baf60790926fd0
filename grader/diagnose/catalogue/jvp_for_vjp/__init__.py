"""J·v where vᵀJ was asked for: forward mode in the place of backward."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.jacobians import tables
from grader.diagnose.source import calls, helpers
from grader.diagnose.trials import Trial, explained, told
from grader.model.exercise import CallCheck, SourceCheck
from grader.model.result import Diagnosis

_READ = 0.85  # the code only says so


def match(facts: Facts) -> Diagnosis | None:
    """By the table of derivatives; or `jvp` in the code of an answer that no check calls that."""
    found = explained(facts.trials, lambda trial: _turned(facts, trial))
    if found:
        return told("jvp-for-vjp", 0.95, found)
    ids = []
    for finding, check, node in facts.answers(("failed",)):
        own = check.function if isinstance(check, CallCheck) else check.value
        used = calls(*helpers(facts.code, node))
        forward = used & {"jvp", "linearize", "make_dual"}
        if forward and not _forward_asked(facts, own):
            ids.append(finding.check)
    wrong = [trial for trial in facts.trials if trial.check in ids and not trial.right]
    return told("jvp-for-vjp", _READ, wrong)


def _turned(facts: Facts, trial: Trial) -> Array | None:
    for name, table in tables(facts.code, trial):
        for other, v in trial.inputs.items():
            if other == name or v.ndim != 1 or v.size != table.shape[0] != 0:
                continue
            square = table.shape[0] == table.shape[1]
            if square and alike(v @ table, trial.expected.ravel()):
                return np.asarray((table @ v).reshape(trial.expected.shape), np.float64)
    return None


def _forward_asked(facts: Facts, name: str) -> bool:
    """Whether other answers of the exercise use forward mode too and are right."""
    forbidden = {
        name.split(".")[-1]
        for check in facts.exercise.checks
        if isinstance(check, SourceCheck)
        for name in check.forbid
    }
    if "backward" in forbidden and "jvp" not in forbidden:
        return True
    right = {finding.check for finding in facts.findings if finding.status == "passed"}
    return "jvp" in name or any(
        check.id in right
        and (node := facts.code.answer(check)) is not None
        and "jvp" in calls(*helpers(facts.code, node))
        for check in facts.exercise.checks
        if isinstance(check, CallCheck)
    )
