"""The result was added up to one number before the pass that was to weight its elements."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import alike, array
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A value that is no gradient is the sum of what was expected."""
    found = [
        trial
        for trial in facts.trials
        if not facts.about_gradient_of(trial.check) and _sum(trial) and trial.dtype != "bool"
    ]
    if not found or any(not trial.names for trial in found):
        return None
    roots = [array(root) for one in facts.passes() for root in one.event.roots]
    if not any(alike(root, np.asarray(found[0].actual).reshape(())) for root in roots):
        return None  # no pass began there
    named = told("summed-first", 0.95, found, count=found[0].expected.size)
    if named is None:
        return None
    later = [f.check for f in facts.wrong if f.status in ("failed", "missing")]
    ids = tuple(dict.fromkeys((*named.checks, *later)))
    return Diagnosis(named.id, named.confidence, ids, named.params)


def _sum(trial: Trial) -> bool:
    return (
        trial.expected.size > 1
        and trial.actual.size == 1
        and alike(trial.actual.reshape(()), trial.expected.sum().reshape(()))
    )
