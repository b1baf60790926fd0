"""One number where there should be one for each place."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.source import returned
from grader.diagnose.trials import Trial, by_check, told
from grader.model.exercise import CallCheck
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A single number that is one of those expected, or their sum; or only one place looked at."""
    found = [trial for trial in facts.trials if _single(trial)]
    if found:
        return told("one-number", 0.9, found, count=found[0].expected.size)
    return told("one-number", 0.86, _first_only(facts), count="n")


def _single(trial: Trial) -> bool:
    actual, expected = trial.actual, trial.expected
    if actual.size != 1 or expected.size < 2:
        return False
    one = float(actual.ravel()[0])
    whole: list[Array] = [*expected.ravel(), expected.sum(), expected.mean(), expected.min()]
    return any(alike(np.asarray(one), np.asarray(float(other))) for other in whole)


def _first_only(facts: Facts) -> list[Trial]:
    """A yes or no about many numbers that looks at the one at a fixed place."""
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        function = facts.code.functions().get(getattr(check, "function", ""))
        wrong = [trial for trial in group if not trial.right and trial.dtype == "bool"]
        if not isinstance(check, CallCheck) or function is None or not wrong:
            continue
        for result in returned(function):
            if any(
                isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Constant)
                for n in nodes_of(result)
            ):
                return wrong
    return []
