"""Already the value is another: another function was written, and differentiated rightly."""

from __future__ import annotations

import re

import numpy as np

from grader.diagnose.arrays import alike, array
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.quotients import kinds
from grader.diagnose.source import calls, helpers, reads_gradient
from grader.diagnose.trials import Trial, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis

_PASSES = frozenset(
    ["backward", "grad", "jvp", "vjp", "jacrev", "jacfwd", "jacobian", "hessian", "make_dual"]
)


def match(facts: Facts) -> Diagnosis | None:
    """A value that is no gradient differs; or a pass gave what was stored, of something else."""
    wrong = [
        trial
        for trial in facts.trials
        if not trial.right and np.any(trial.actual) and not _quotient(facts, trial)
    ]
    values = [t for t in wrong if not _slope(facts, t) and t.result is None]
    gradients = [t for t in wrong if t not in values and _by_pass(facts, t)]
    if not values and not gradients:
        return None
    first = (*values, *gradients)
    return told("wrong-function", 0.6 if values else 0.5, first)


def _quotient(facts: Facts, trial: Trial) -> bool:
    """Whether it was made by a difference quotient, which is no function of its own."""
    check = facts.checks.get(trial.check)
    node = facts.code.answer(check) if isinstance(check, CallCheck | TensorCheck) else None
    code = helpers(facts.code, node)
    named = {check.function} if isinstance(check, CallCheck) else calls(*code)
    return bool(kinds(code)) or any(re.search("differ|quotient", name) for name in named)


def _slope(facts: Facts, trial: Trial) -> bool:
    """Whether a gradient is asked for, or was given."""
    check = facts.checks.get(trial.check)
    node = facts.code.answer(check) if isinstance(check, TensorCheck) else None
    return facts.about_gradient_of(trial.check) or (node is not None and reads_gradient(node))


def _by_pass(facts: Facts, trial: Trial) -> bool:
    """Whether the answer is what a pass gave, with the weights that were asked for."""
    check = facts.checks.get(trial.check)
    if isinstance(check, CallCheck):
        code = helpers(facts.code, facts.code.answer(check))
        return trial.result is None and bool(calls(*code) & _PASSES)
    return any(
        alike(one, trial.actual) for event in trial.passes for one in given(event).values()
    ) or any(
        alike(array(leaf.after), trial.actual) for event in trial.passes for leaf in event.leaves
    )
