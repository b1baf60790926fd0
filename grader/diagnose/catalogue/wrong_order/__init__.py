"""A derivative of another order: the first where the second was asked for."""

from __future__ import annotations

import re

from grader.diagnose.arrays import Array
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, explained, told
from grader.model.result import Diagnosis

_ORDERS = ("first|slope|gradient", "second|hess|curv", "third")


def match(facts: Facts) -> Diagnosis | None:
    """What another check, of a derivative of another order, expects of the same input."""
    found = explained(facts.trials, _other)
    if not found:
        return None
    known = {trial.check for trial in found}
    calls = [
        trial
        for trial in facts.trials
        if not trial.right
        and not trial.names
        and _order(trial.check) > 0
        and trial.check not in known
    ]
    return told("wrong-order", 0.96, (*found, *calls))


def _order(id: str) -> int:
    """1, 2, 3 by the words that the author uses; 0 where there are none."""
    return next((i for i, words in enumerate(_ORDERS, 1) if re.search(words, id)), 0)


def _other(trial: Trial) -> Array | None:
    mine = _order(trial.check)
    for id, one in trial.siblings.items():
        if mine > 1 and 0 < _order(id) != mine and one.shape == trial.actual.shape:
            return one
    return None
