"""A part of a table of derivatives where the whole was asked for: a row, a column, the diagonal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Hypothesis, Trial, explained, told
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis

_MOST = 16
Part = Callable[[Array], Array]


def row(index: int) -> Part:
    """The row of one output."""
    return lambda table: np.asarray(table[index], np.float64)


def column(index: int) -> Part:
    """The column of one input."""
    return lambda table: np.asarray(table[:, index], np.float64)


def diagonal(table: Array) -> Array:
    """The derivative of each output by the input of the same number."""
    return np.asarray(table.diagonal(), np.float64)


def instead(facts: Facts, *parts: Part) -> tuple[int, tuple[Trial, ...]]:
    """The first part that is every answer to some check, by its number, and the wrong trials.

    No trials where there is none. A sum of rows is no part, even where it is the same numbers.
    """
    tables = [trial for trial in facts.trials if _is_table(trial)]
    for index, part in enumerate(parts):
        found = explained(tables, _foretold(part))
        if found:
            return index, found
    return 0, ()


def widest(facts: Facts, axis: int) -> int:
    """The most rows (axis 0) or columns (1) that there are to try."""
    sizes = [trial.expected.shape[axis] for trial in facts.trials if trial.expected.ndim == 2]
    return min(max(sizes, default=0), _MOST)


def named(
    id: str, confidence: float, facts: Facts, found: tuple[Trial, ...], **params: str | int
) -> Diagnosis | None:
    """A diagnosis by the numbers; it explains too that the value has another shape."""
    if not found:
        return None
    shape = str(found[0].expected.shape)
    one = told(id, confidence, found, shape=shape, **params)
    called = {trial.called for trial in found}
    shapes = [
        finding.check
        for finding in facts.wrong
        if finding.message.id == "check.value.shape"
        and isinstance(check := facts.checks.get(finding.check), TensorCheck)
        and check.value in called
    ]
    return one and replace(one, checks=tuple(dict.fromkeys((*one.checks, *shapes))))


def _is_table(trial: Trial) -> bool:
    """Whether the derivatives of several outputs are asked for, and not a gradient of a table."""
    if trial.expected.ndim != 2 or min(trial.expected.shape) < 2 or trial.result is not None:
        return False
    if trial.names:
        leaves = [one for one in trial.names.values() if one.requires_grad and one.leaf]
        return all(one.shape != trial.expected.shape for one in leaves)
    return all(one.shape != trial.expected.shape for one in trial.inputs.values())


def _foretold(part: Part) -> Hypothesis:
    def foretell(trial: Trial) -> Array | None:
        try:
            said = part(trial.expected)
        except IndexError:
            return None
        if np.squeeze(trial.actual).ndim != 1 or said.size != trial.actual.size:
            return None
        return None if alike(said, trial.expected.sum(0)) else said.reshape(trial.actual.shape)

    return foretell
