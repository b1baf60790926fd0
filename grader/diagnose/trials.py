"""Every answer beside what was expected, wherever it was asked for: in the run, with varied inputs,
in calls with hidden ones.

A mistake that is guessed from one pair of numbers may be chance; one that foretells the answer
in all trials is not. Matchers give a hypothesis, a function from a trial to the answer that the
mistake would give, and `explained` says for which checks it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from grader.diagnose.arrays import NEAR, Array, alike, array, short
from grader.diagnose.passes import given, held
from grader.model.observation import Event
from grader.model.result import Diagnosis
from grader.model.value import Value

Hypothesis = Callable[["Trial"], "Array | None"]

_CANDIDATES = 24


@dataclass(frozen=True, eq=False)
class Trial:
    """One answer and what was expected of it.

    Attributes:
        check: whose answer it is.
        label: the run, a variation of it, or a call's case.
        actual, expected: float64, in shapes of their own; NaN and infinities stay.
        called: what the student calls the answer.
        dtype: of the answer.
        inputs: what the exercise gave, by name; of a call, its arguments.
        names: the student's names at that moment; none in a call.
        passes: the passes up to that moment, in order; none are seen in a call.
        here: those of them in the answer's own cell, or in the last one before it that has any.
        siblings: what was expected of other checks in the same run, by check.
        result: for the gradient of a call, the value that the call returned.
        cotangent: for the gradient of a call, the weights of that value.
        differentiated: whether gradients of this call are asked for too.
        held: what the `.grad` of a call's arguments held when it was called, by their names.
        limited: whether the reference was given the answer itself. What it expects is then no
            answer that a formula gives: the nearest one that is good enough, or a sign for none.
    """

    check: str
    label: str
    actual: Array
    expected: Array
    called: str
    dtype: str | None = None
    inputs: Mapping[str, Array] = field(default_factory=dict)
    names: Mapping[str, Value] = field(default_factory=dict)
    passes: tuple[Event, ...] = ()
    here: tuple[Event, ...] = ()
    siblings: Mapping[str, Array] = field(default_factory=dict)
    result: Array | None = None
    cotangent: Array | None = None
    differentiated: bool = False
    held: Mapping[str, Array] = field(default_factory=dict)
    limited: bool = False

    @cached_property
    def right(self) -> bool:
        """Whether the two are the same but for rounding."""
        return alike(self.actual, self.expected)

    @cached_property
    def readable(self) -> dict[str, Array]:
        """What an expression of the student's may read: inputs, and names that are numbers."""
        named = ((name, array(one)) for name, one in self.names.items())
        return {**self.inputs, **{name: one for name, one in named if one is not None}}

    @cached_property
    def candidates(self) -> dict[str, Array]:
        """Arrays in the shape of the answer that are not the same everywhere, by their names.

        Inputs, weights of a call, what was expected elsewhere, and the student's names.
        """
        found: dict[str, Array] = {}
        named = ((name, array(value)) for name, value in self.names.items())
        more = (*self.inputs.items(), ("cotangent", self.cotangent), *self.siblings.items())
        for name, one in (*more, *named):
            if len(found) >= _CANDIDATES:
                break
            if one is None or name == self.called or one.shape != self.expected.shape:
                continue
            if not one.size or not np.isfinite(one).all():
                continue
            if alike(np.abs(one), np.abs(self.expected)):
                continue
            if one.size == 1 or not np.all(one == one.ravel()[0]):
                found.setdefault(name, one)
        return found

    def numbers(self) -> dict[str, str | int | float]:
        """`value`, and `actual` and `expected` at the element that shows the difference best."""
        if self.actual.shape != self.expected.shape or not self.actual.size:
            return {
                "value": self.called,
                "actual": short(self.actual),
                "expected": short(self.expected),
            }
        with np.errstate(all="ignore"):
            gap = np.abs(self.actual - self.expected).ravel()
        at = int(np.argmax(np.where(np.isfinite(gap), gap, 0.0)))
        endless = _differ(self.actual, self.expected).ravel() & np.logical_not(np.isfinite(gap))
        if endless.any():
            at = int(np.argmax(endless))
        return {
            "value": self.called,
            "actual": _said(float(self.actual.ravel()[at]), self.dtype),
            "expected": _said(float(self.expected.ravel()[at]), self.dtype),
        }


def _differ(actual: Array, expected: Array) -> npt.NDArray[np.bool_]:
    """Where the two are not one number, nor one infinity, nor both NaN."""
    numbers = ~(np.isnan(actual) & np.isnan(expected))
    return np.asarray((actual != expected) & numbers, np.bool_)


def _said(number: float, dtype: str | None) -> str | float:
    if dtype == "bool" and number in (0.0, 1.0):
        return str(bool(number))
    return number if np.isfinite(number) else str(number)


def explained(trials: Iterable[Trial], foretell: Hypothesis) -> tuple[Trial, ...]:
    """The wrong trials of the checks for which the hypothesis foretells every answer.

    A trial that is right must not be contradicted; one for which the hypothesis has nothing to say
    must be right.
    """
    held: list[Trial] = []
    for group in by_check(trials).values():
        wrong = [trial for trial in group if not trial.right]
        if wrong and all(_foretold(foretell, trial) for trial in group):
            held += wrong
    return tuple(held)


def _foretold(foretell: Hypothesis, trial: Trial) -> bool:
    with np.errstate(all="ignore"):
        said = foretell(trial)
    return trial.right if said is None else alike(said, trial.actual)


def by_check(trials: Iterable[Trial]) -> dict[str, list[Trial]]:
    """Trials by their check."""
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.check, []).append(trial)
    return groups


def checks(trials: Iterable[Trial]) -> tuple[str, ...]:
    """The checks of trials, each once."""
    return tuple(dict.fromkeys(trial.check for trial in trials))


def places(trials: Iterable[Trial]) -> int:
    """How many numbers there are to be wrong about."""
    return sum(trial.actual.size for trial in trials)


def surplus_removed(trial: Trial) -> Trial | None:
    """The trial with what its last pass alone gave, where `.grad` held something before.

    None where the answer is not the `.grad` of such a pass.
    """
    for event in reversed(trial.passes):
        gave, before = given(event), held(event)
        for leaf in event.leaves:
            after = array(leaf.after)
            alone = gave.get(leaf.id) if event.api == "backward" and leaf.id in before else None
            if alone is not None and alike(after, trial.actual):
                return replace(trial, actual=alone)
    return None


def ratio(trial: Trial) -> float | None:
    """The one factor by which the answer differs from what was expected in all places, not 1."""
    if trial.actual.shape != trial.expected.shape or not np.isfinite(trial.expected).all():
        return None
    size = np.abs(trial.expected)
    if not size.size or not size.max() or not np.isfinite(trial.actual).all():
        return None
    at = int(np.argmax(size))
    factor = float(trial.actual.ravel()[at] / trial.expected.ravel()[at])
    if not factor or abs(factor - 1) < NEAR or not alike(trial.actual, factor * trial.expected):
        return None
    return factor


def counts(trial: Trial) -> dict[int, str]:
    """How many there are of something in a trial: elements, rows, columns, passes; 2 or more."""
    found: dict[int, str] = {}
    for name, one in trial.inputs.items():
        for size in (one.size, *one.shape):
            if size > 1:
                found.setdefault(int(size), name)
    for parts in range(3, len(trial.here) + 1):
        if len(trial.here) % parts == 0:
            found.setdefault(parts, "")
    return found


def same(group: Iterable[Trial], value: Callable[[Trial], float | None]) -> float | None:
    """The number that `value` gives for every trial of the group; None where it differs."""
    found = [value(trial) for trial in group]
    first = found[0] if found else None
    if first is None or any(one is None or abs(one - first) > 1e-3 * abs(first) for one in found):
        return None
    return first


def told(
    id: str, confidence: float, found: Iterable[Trial], **params: str | int | float
) -> Diagnosis | None:
    """A diagnosis by numbers, with the student's own at the place that shows it best.

    `places` are those of the answer that is shown, not of what other inputs gave as well.
    """
    shown = tuple(found)
    if not shown:
        return None
    numbers = shown[0].numbers() | {"places": shown[0].actual.size} | params
    return Diagnosis(id, confidence, checks(shown), numbers)
