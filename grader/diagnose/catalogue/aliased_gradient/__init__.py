"""A second name for `.grad` instead of a copy: later passes changed what had been kept."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike, array
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, explained, told
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The answer is the very tensor that is some leaf's `.grad`, or was right before."""
    found = [trial for trial in facts.trials if not trial.right and _second_name(facts, trial)]
    if any(trial.label == "run" for trial in found):
        return told("aliased-gradient", 0.98, found)
    kept = [trial for trial in facts.trials if not trial.right and _changed(facts, trial)]
    if kept:
        return told("aliased-gradient", 0.97, kept)
    return told("aliased-gradient", 0.96, explained(facts.trials, _last_row))


def _second_name(facts: Facts, trial: Trial) -> bool:
    """One tensor under two names, which was overwritten after it had been right."""
    value = trial.names.get(trial.called)
    if value is None or value.id is None or value.kind != "tensor":
        return False
    holders = [v for v in trial.names.values() if v.grad is not None and v.grad.id == value.id]
    if not holders:
        return False
    # It was right once: a pass left exactly what was expected in that `.grad`, and when it had
    # its second name, another pass came.
    ids = {holder.id for holder in holders}
    right = any(
        leaf.id in ids and alike(array(leaf.after), trial.expected)
        for event in trial.passes[:-1]
        for leaf in event.leaves
    )
    check = facts.checks.get(trial.check)
    if not right or not isinstance(check, TensorCheck):
        return False
    if trial.label != "run" or facts.code.assigned(check.value) is None:
        return trial.label != "run"
    named = facts.code.assigned(check.value, check.cell)
    cells = facts.scene.group(check.cell)
    later = [one.event.line for one in facts.passes() if one.cell in cells]
    return named is None or any(line is not None and line > named.lineno for line in later)


def _changed(facts: Facts, trial: Trial) -> bool:
    """The same name was right in an earlier cell, and nothing was assigned to it since."""
    check = facts.checks.get(trial.check)
    if not isinstance(check, TensorCheck):
        return False
    passed = {finding.check for finding in facts.findings if finding.status == "passed"}
    return facts.code.assigned(check.value, check.cell) is None and any(
        isinstance(other, TensorCheck)
        and other.id in passed
        and other.value == check.value
        and other.expect == check.expect
        and other.cell != check.cell
        for other in facts.checks.values()
    )


def _last_row(trial: Trial) -> Array | None:
    """Every row is the last one: one tensor stands in all places of a list."""
    expected = trial.expected
    value = trial.names.get(trial.called)
    listed = value is not None and value.kind == "list"
    if not expected.ndim or len(expected) < 2 or not trial.here:
        return None
    if expected.ndim < 2 and not listed:
        return None
    if all(alike(row, expected[0]) for row in expected):
        return None
    return np.broadcast_to(expected[-1], expected.shape)
