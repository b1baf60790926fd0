"""`.grad` was cleared between passes that were to add up."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import numpy as np

from grader.diagnose.arrays import Array, alike, total
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given, held
from grader.diagnose.source import calls, clears, helpers, loops
from grader.diagnose.trials import Trial, explained, told
from grader.model.exercise import CallCheck
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """The answer is one pass's gradient alone; what is expected is the sum over all."""
    for foretell in (_last, _each, _share):
        found = explained(facts.trials, foretell)
        if found:
            return told("over-cleared", 0.965, found, passes=_passes(found[0]))
    return told("over-cleared", 0.85, _in_a_loop(facts), passes="n")


def _in_a_loop(facts: Facts) -> list[Trial]:
    """Functions whose loop clears before each pass and keeps nothing in between."""
    for _, check, node in facts.answers(("failed",)):
        if not isinstance(check, CallCheck):
            continue
        for loop in loops(*helpers(facts.code, node)):
            if "backward" in calls(loop) and clears(loop) and not _kept(loop):
                return [t for t in facts.trials if t.check == check.id and not t.right][:1]
    return []


def _kept(loop: ast.AST) -> bool:
    """Whether `.grad` is read in the loop, other than to clear it."""
    cleared = [
        n.func.value
        for n in nodes_of(loop)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "zero_"
    ]
    return any(
        isinstance(n, ast.Attribute)
        and n.attr in ("grad", "step")
        and isinstance(n.ctx, ast.Load)
        and n not in cleared
        for n in nodes_of(loop)
    )


def _passes(trial: Trial) -> int:
    return len([e for e in trial.here if e.api == "backward" and e.error is None])


def _single(trial: Trial) -> list[dict[int, Array]]:
    """What the backward passes gave, where none but the first found anything in `.grad`."""
    events = [e for e in trial.here if e.api == "backward" and e.error is None]
    if len(events) < 2 or any(held(event) for event in events[1:]):
        return []
    return [given(event) for event in events]


def _alone(trial: Trial) -> Iterator[list[Array]]:
    """What the backward passes gave a leaf, where none but the first found anything in its `.grad`.

    Other leaves, which nobody cleared, may go on adding up.
    """
    events = [e for e in trial.here if e.api == "backward" and e.error is None]
    gave = [given(event) for event in events]
    for id in gave[-1] if gave else ():
        if not any(id in held(event) for event in events[1:]):
            yield [one[id] for one in gave if id in one]


def _last(trial: Trial) -> Array | None:
    for parts in _alone(trial):
        if len(parts) > 1 and len({part.shape for part in parts}) == 1:
            for start in range(len(parts) - 1):
                if alike(total(parts[start:]), trial.expected) and not alike(
                    parts[-1], trial.expected
                ):
                    return parts[-1]
    return None


def _each(trial: Trial) -> Array | None:
    """Kept after each pass: single gradients where running sums were wanted."""
    for parts in _alone(trial):
        count = len(trial.expected) if trial.expected.ndim else 0
        if count > 1 and len(parts) >= count and len({part.shape for part in parts}) == 1:
            rows = np.stack(parts[-count:])
            if alike(np.cumsum(rows, 0), trial.expected):
                return rows
    return None


def _share(trial: Trial) -> Array | None:
    """Of k equal passes one counts, for several leaves in one row."""
    gave = [one for one in _single(trial) if len(one) > 1]
    if len(gave) < 2 or len(trial.here) < 2:
        return None
    parts = [np.sort([float(v.ravel()[0]) for v in one.values() if v.size == 1]) for one in gave]
    last = parts[-1]
    if last.shape != trial.actual.shape or not alike(last, np.sort(trial.actual.ravel())):
        return None
    return trial.expected / len(trial.here)
