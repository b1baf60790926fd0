"""`backward` was given another v than was asked for: ones for v, or something else for ones."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.arrays import Array, alike, array, short
from grader.diagnose.code import assigned
from grader.diagnose.facts import Facts
from grader.diagnose.jacobians import hessians, tables
from grader.diagnose.passes import given
from grader.diagnose.source import called
from grader.diagnose.trials import Hypothesis, Trial, checks, told
from grader.model.exercise import CallCheck, EventCheck
from grader.model.observation import Event
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A pass whose cotangent is not the expected one, as it shows itself or in a gradient."""
    shown = [
        pair
        for pair in facts.pairs()
        if isinstance(check := facts.checks.get(pair.finding.check), EventCheck)
        and check.gradient is not None
        and pair.finding.message.params.get("value") == "gradient"
        and _passed_something(facts, pair.finding.cell)
        and not alike(pair.actual.ravel(), pair.expected.ravel())  # only its shape is another
    ]
    if shown:
        more = checks(_more(facts))
        ids = (*(pair.finding.check for pair in shown), *more)
        params = {"used": short(shown[0].actual), "wanted": short(shown[0].expected)}
        return Diagnosis("wrong-cotangent", 0.93, tuple(dict.fromkeys(ids)), params)
    found = _more(facts)
    if not found:
        return None
    used, wanted = _both(facts, found[0])
    return told("wrong-cotangent", 0.95, found, used=used, wanted=wanted)


def _passed_something(facts: Facts, cell: int | None) -> bool:
    """Whether the passes of a cell had an argument, or none was needed."""
    events = [one.event for one in facts.passes() if one.cell == cell and one.event.error is None]
    return any(gradient is not None for event in events for gradient in event.gradients) or any(
        array(root) is not None and root.shape == () for event in events for root in event.roots
    )


def _more(facts: Facts) -> tuple[Trial, ...]:
    found: list[Trial] = []
    for foretell in (_elementwise, _wanted, _summed, _ones(facts)):
        seen = {trial.check for trial in found}
        found += [trial for trial in facts.explained(foretell) if trial.check not in seen]
    return tuple(found)


def cotangent(event: Event) -> Array | None:
    """The cotangent of the first root, one where a scalar was given none."""
    if not event.roots:
        return None
    passed = event.gradients[0] if event.gradients else None
    if passed is not None:
        return array(passed)
    return np.ones(()) if event.roots[0].shape == () else None


def _gave(trial: Trial) -> tuple[Event, ...]:
    """Passes that gave the answer, the last first."""
    return tuple(
        event
        for event in reversed(trial.passes)
        if any(alike(one, trial.actual) for one in given(event).values())
        or any(alike(array(leaf.after), trial.actual) for leaf in event.leaves)
    )


def _elementwise(trial: Trial) -> Array | None:
    """Something for ones: each place is multiplied by what was passed."""
    for event in _gave(trial):
        used = cotangent(event)
        if used is None or (used.shape != trial.expected.shape and used.size != 1):
            continue
        if used.size > 1 and np.all(used == used.ravel()[0]) and used.ravel()[0] == 1:
            continue
        if np.all(used == -1):
            continue
        if used.size == 1 and float(used.ravel()[0]) in (1.0,):
            continue
        if used.size == 1 and not _varies(trial, event):
            continue
        return trial.expected * used
    return None


def _varies(trial: Trial, event: Event) -> bool:
    """Whether a single weight was an argument and not the default."""
    return bool(event.gradients) and event.gradients[0] is not None


def _wanted(trial: Trial) -> Array | None:
    """One weight for all, where a tensor that has a name was to weight each place."""
    for event in _gave(trial):
        used = cotangent(event)
        if used is None or (used.size > 1 and not np.all(used == used.ravel()[0])):
            continue
        for _, v in _weights(trial):
            if v.shape != trial.expected.shape or used.size not in (1, v.size):
                continue
            if trial.actual.shape != v.shape:
                continue
            with np.errstate(all="ignore"):
                if alike(trial.actual * v / used.ravel()[0], trial.expected):
                    return trial.actual
                # where the weight is zero the function itself may be infinite
                finite = np.isfinite(trial.actual * v)
                some = trial.actual * v / used.ravel()[0]
            if finite.any() and v[finite].any() and alike(some[finite], trial.expected[finite]):
                return trial.actual
    return None


def _weights(trial: Trial) -> list[tuple[str, Array]]:
    """Inputs of the exercise that are not the same everywhere."""
    return [
        (name, one)
        for name, one in trial.inputs.items()
        if one.size > 1 and name != trial.called and not np.all(one == one.ravel()[0])
    ]


def _summed(trial: Trial) -> Array | None:
    """Weights that are added up: as many ones for the sum of v, after each pass or in the end."""
    used = [one for event in trial.here if (one := cotangent(event)) is not None]
    if not used or any(not np.all(one == 1) for one in used) or not _gave_any(trial):
        return None
    for _, v in _weights(trial):
        if v.ndim != 1 or np.any(v <= 0):
            continue
        if trial.expected.shape == (len(used),) == v.shape:
            return trial.expected * np.arange(1, len(used) + 1) / np.cumsum(v)
        total = sum(float(one.sum()) for one in used)
        for count in (total, float(used[-1].sum())):
            if trial.expected.size == 1 and alike(trial.actual * v.sum(), trial.expected * count):
                return trial.actual
    return None


def _gave_any(trial: Trial) -> bool:
    return any(event.error is None for event in trial.here)


def _ones(facts: Facts) -> Hypothesis:
    """In a function: ones for v."""

    def foretell(trial: Trial) -> Array | None:
        found = _of_function(facts, trial)
        return None if found is None else found[1]

    return foretell


def _of_function(facts: Facts, trial: Trial) -> tuple[Array, Array] | None:
    """The weights that were asked for in a function, and what it gives with ones for them.

    Of a function whose table of derivatives is known, or of the gradient of one.
    """
    for name, table in tables(facts.code, trial):
        for v in trial.inputs.values():
            fits = v.shape == (table.shape[0],) and v is not trial.inputs.get(name)
            if fits and alike(v @ table, trial.expected.ravel()):
                ones = np.ones(len(v)) @ table
                return v, np.asarray(ones.reshape(trial.expected.shape))
    check = facts.checks.get(trial.check)
    function = facts.code.answer(check) if isinstance(check, CallCheck) else None
    if not isinstance(function, ast.FunctionDef) or trial.result is not None:
        return None
    vectors = {name: v for name, v in trial.inputs.items() if v.ndim == 1}
    names = [name for name in vectors if _unread_by_passes(function, name)]
    for name, table in hessians(facts.code, function, trial) if names else ():
        for v in (vectors[one] for one in names if one != name):
            if v.shape != (len(table),):
                continue
            if alike(table @ v, trial.expected):
                return v, table.sum(0)
            if alike(np.asarray(v @ table @ v), trial.expected):
                return v, np.asarray(table.sum(0) @ v)
    return None


def _unread_by_passes(function: ast.FunctionDef, name: str) -> bool:
    """Whether no pass of a function knows of that argument: then it weights none."""
    seen: list[ast.AST] = []
    for node in nodes_of(function):
        if isinstance(node, ast.Call) and called(node) in ("grad", "backward"):
            seen += [node.func, *node.args, *(word.value for word in node.keywords)]
    names: set[str] = set()
    for part in seen:
        new = {n.id for n in nodes_of(part) if isinstance(n, ast.Name)} - names
        names |= new
        seen += [step.value for step in assigned(function) if new & set(step.names)]
    return name not in names


def _both(facts: Facts, trial: Trial) -> tuple[str, str]:
    """The weights that were used and those that were wanted, as far as they are seen."""
    for event in (*_gave(trial), *reversed(trial.here)):
        used = cotangent(event)
        if used is None:
            continue
        for _, v in _weights(trial):
            if v.shape == trial.expected.shape and alike(trial.actual * v, trial.expected):
                return short(used), short(v)
        if used.shape == trial.expected.shape and not np.all(used == 1):
            return short(used), short(np.ones_like(used))
        for _, v in _weights(trial):
            if v.ndim == 1 and not np.all(v <= 0):
                return short(used), short(v)
        return short(used), short(np.ones(()))
    found = _of_function(facts, trial)
    return ("1", "v") if found is None else (short(np.ones(len(found[0]))), short(found[0]))
