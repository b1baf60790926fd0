"""A root, norm or logarithm on the way is not differentiable at zero."""

from __future__ import annotations

import numpy as np

from grader.diagnose.facts import Facts
from grader.diagnose.source import calls, helpers
from grader.diagnose.trials import Trial, by_check, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis

_INSIDE = frozenset(["sqrt", "norm", "vector_norm", "log", "log2", "log10", "abs", "pow"])


def match(facts: Facts) -> Diagnosis | None:
    """Right for all inputs but those with a zero in them, where the code holds such a function."""
    found: list[Trial] = []
    used: frozenset[str] = frozenset()
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        wrong = [
            trial
            for trial in group
            if not trial.right
            and trial.dtype != "bool"
            and trial.actual.shape == trial.expected.shape
        ]
        if not isinstance(check, TensorCheck | CallCheck) or not wrong:
            continue
        code = helpers(facts.code, facts.code.answer(check))
        inside = calls(*code) & _INSIDE
        if not inside or "where" in calls(*code):
            continue
        zeros = all(any(np.any(one == 0) for one in t.inputs.values()) for t in wrong)
        others = any(trial.right for trial in group)
        undefined = any(not np.isfinite(trial.actual).all() for trial in wrong)
        if zeros and (others or undefined) and all(np.isfinite(t.expected).all() for t in wrong):
            found += wrong
            used |= inside
    name = sorted(used)[0] if used else ""
    return told("undefined-at-zero", 0.95, found, name=name)
