"""The answer does not follow the inputs: the same numbers, whatever they are."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.facts import Facts
from grader.diagnose.source import walk
from grader.diagnose.trials import Trial, alike, by_check, given, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The same in the run and with other inputs, and nothing computed it; or one number always."""
    found: list[Trial] = []
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        wrong = [trial for trial in group if not trial.right]
        if not wrong or len(group) < 2:
            continue
        if isinstance(check, TensorCheck) and _stays(group):
            found += wrong
        elif isinstance(check, CallCheck) and _one_number(facts, check, group):
            found += wrong
    return told("typed-in-constant", 0.94, found)


def _stays(group: list[Trial]) -> bool:
    """The very same answer each time, where another one was expected and no pass gave this one."""
    first = group[0]
    if any(not alike(first.actual, trial.actual) for trial in group):
        return False
    if all(alike(first.expected, trial.expected) for trial in group):
        return False
    if not all(np.array_equal(first.actual, trial.actual, equal_nan=True) for trial in group):
        return False
    return first.right or not any(_computed(trial) for trial in group)


def _computed(trial: Trial) -> bool:
    if not np.any(trial.actual):
        return True
    return any(
        one.size == trial.actual.size and alike(one.ravel(), trial.actual.ravel())
        for event in trial.passes
        for one in given(event).values()
    )


def _one_number(facts: Facts, check: CallCheck, group: list[Trial]) -> bool:
    """One number in every place of every answer, which stands in the function."""
    numbers = {float(item) for trial in group for item in trial.actual.ravel()}
    if len(numbers) != 1 or len({float(i) for t in group for i in t.expected.ravel()}) == 1:
        return False
    written = {
        float(node.value)
        for node in walk(facts.code.answer(check))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    }
    return numbers <= written and not any(trial.dtype == "bool" for trial in group)
