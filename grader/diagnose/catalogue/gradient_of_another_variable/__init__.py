"""The gradient of one variable stored as another's, often two exchanged."""

from __future__ import annotations

import ast
import re
from itertools import permutations

from grader.diagnose.arrays import Array, alike, array
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.source import called, walk
from grader.diagnose.trials import Hypothesis, Trial, by_check, explained, told
from grader.model.exercise import CallCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The answer is what a pass gave another leaf, or what another check expects."""
    found: list[Trial] = []
    for group in by_check(facts.trials).values():
        wrong = [trial for trial in group if not trial.right]
        if wrong and (
            all(_other_leaf(trial) for trial in wrong)
            or all(_by_name(trial) for trial in wrong)
            or all(_exchanged(facts, trial) for trial in wrong)
        ):
            found += wrong
    calls: list[Trial] = []
    for order in _orders(facts):
        calls += [t for t in explained(facts.trials, _reordered(order)) if t not in calls]
    if found or calls:
        return told("gradient-of-another-variable", 0.95, (*found, *calls))
    return told("gradient-of-another-variable", 0.85, _asked_for(facts))


def _other_leaf(trial: Trial) -> bool:
    """A pass gave one leaf what was expected, and another one what was stored."""
    for event in trial.passes:
        gave = given(event)
        after = {leaf.id: one for leaf in event.leaves if (one := array(leaf.after)) is not None}
        mine = {id for id, one in gave.items() if alike(one, trial.expected)}
        other = {id for id, one in (gave | after).items() if alike(one, trial.actual)}
        if mine and other and not mine & other and len(mine | other) > 1:
            return True
    return False


def _by_name(trial: Trial) -> bool:
    """`u_gradient` is what a pass gave another variable than `u`, and no copy of `u`."""
    name = re.split(r"[._]", trial.called, maxsplit=1)[0]
    value = trial.names.get(name)
    if value is None or value.kind != "tensor" or value.id is None or name == trial.called:
        return False
    gave = [(id, one) for event in trial.passes for id, one in given(event).items()]
    ids = {id for id, one in gave if alike(one, trial.actual)}
    numbers = array(value)
    same = {one.id for one in trial.names.values() if alike(array(one), numbers)} | {value.id}
    known = {one.id for one in trial.names.values()}
    return (
        bool(ids & known)
        and not ids & same
        and not any(alike(one, trial.expected) for _, one in gave)
    )


def _exchanged(facts: Facts, trial: Trial) -> bool:
    """Another answer of the run is what was expected here, and this one what was expected there."""
    kept = ((one.id, array(one.grad)) for one in trial.names.values())
    gave = [(id, one) for event in trial.passes for id, one in given(event).items()]
    gave += [(id, one) for id, one in kept if id is not None and one is not None]
    mine = {id for id, one in gave if alike(one, trial.expected)}
    others = {id for id, one in gave if alike(one, trial.actual)}
    if not others or mine & others or len({id for id, _ in gave}) < 2:
        return False  # two gradients of one variable may be exchanged, too
    for other in facts.trials:
        if other.label != trial.label or other.check == trial.check or other.right:
            continue
        both = facts.about_gradient_of(trial.check) and facts.about_gradient_of(other.check)
        if both and alike(trial.actual, other.expected) and alike(other.actual, trial.expected):
            return True
    return False


def _orders(facts: Facts) -> list[tuple[int, ...]]:
    sizes = {
        len(trial.expected)
        for trial in facts.trials
        if not trial.names and trial.expected.ndim and 1 < len(trial.expected) <= 4
    }
    return [
        order
        for size in sorted(sizes)
        for order in permutations(range(size))
        if order != tuple(range(size))
    ]


def _reordered(order: tuple[int, ...]) -> Hypothesis:
    """The parts of a function's answer, one for each of its arguments, in another order."""

    def foretell(trial: Trial) -> Array | None:
        if trial.names or len(trial.inputs) != len(order) or trial.expected.ndim == 0:
            return None
        if len(trial.expected) != len(order) or trial.actual.shape != trial.expected.shape:
            return None
        return trial.expected[list(order)]

    return foretell


def _asked_for(facts: Facts) -> list[Trial]:
    """A derivative within a function that was taken by the parameter that is to be trained."""
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        wrong = [trial for trial in group if not trial.right]
        if not isinstance(check, CallCheck) or not check.gradients or not wrong:
            continue
        for node in walk(facts.code.functions().get(check.function)):
            if isinstance(node, ast.Call) and called(node) == "grad" and len(node.args) > 1:
                by = node.args[1]
                if isinstance(by, ast.Name) and by.id in check.gradients:
                    return wrong
    return []
