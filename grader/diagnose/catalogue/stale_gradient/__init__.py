"""The second step was made with the first step's gradient."""

from __future__ import annotations

from grader.diagnose.arrays import Array, alike, array
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, told
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The last step is the step before it once more."""
    found = [trial for trial in facts.trials if not trial.right and _again(facts, trial)]
    if not found:
        return None
    named = told("stale-gradient", 0.97, found)
    if named is None:
        return None
    needs = [need for id in named.checks for need in facts.checks[id].needs]
    passes = [f.check for f in facts.wrong if f.check in needs]
    return Diagnosis(named.id, named.confidence, (*passes, *named.checks), named.params)


def _again(facts: Facts, trial: Trial) -> bool:
    check = facts.checks.get(trial.check)
    start = trial.inputs.get(trial.called)
    if not isinstance(check, TensorCheck) or start is None or trial.label != "run":
        return False
    for before in _before(facts, check):
        moved = before.shape == start.shape and not alike(before, start)
        if moved and alike(2 * before - start, trial.actual):
            return True
    return False


def _before(facts: Facts, check: TensorCheck) -> list[Array]:
    """What the same name held after each earlier cell."""
    indexes = facts.scene.group(check.cell)
    found = (
        array(one.names.get(check.value))
        for index, one in facts.scene.cells.items()
        if not indexes or index < indexes[0]
    )
    return [one for one in found if one is not None]
