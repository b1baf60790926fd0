"""`where` hides the value of the branch that was not taken, not its gradient."""

from __future__ import annotations

import numpy as np

from grader.diagnose.facts import Facts
from grader.diagnose.source import calls, helpers
from grader.diagnose.trials import told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """NaN where a finite gradient is expected, in code with `where`."""
    ids = [
        finding.check
        for finding, _, node in facts.answers(("failed",))
        if "where" in calls(*helpers(facts.code, node))
    ]
    wrong = [
        trial
        for trial in facts.trials
        if trial.check in ids
        and trial.actual.shape == trial.expected.shape
        and bool(np.any(np.isnan(trial.actual) & np.isfinite(trial.expected)))
    ]
    return told("where-leaks-nan", 0.97, wrong)
