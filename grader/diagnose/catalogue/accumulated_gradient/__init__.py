"""`.grad` still held an earlier pass's gradient when the next one was added to it."""

from __future__ import annotations

import ast
from itertools import pairwise

import numpy as np

from grader.diagnose.arrays import Array, alike, array
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given, held, never_cleared
from grader.diagnose.source import calls, clears, helpers, loops, reads_gradient, walk
from grader.diagnose.trials import Trial, by_check, explained, ratio, same, told
from grader.model.exercise import CallCheck
from grader.model.observation import Event
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """What is too much was in `.grad` before, by the passes or by the numbers."""
    for foretell in (_surplus, _leaves, _rows, _collected, _callers):
        found = explained(facts.trials, foretell)
        if found:
            more = (*found, *_stepped(facts), *_looped(facts))
            return told("accumulated-gradient", 0.96, more, before=_before(found[0]))
    found = (*_stepped(facts), *_looped(facts), *_repeated(facts))
    if found:
        return told("accumulated-gradient", 0.9, found, before=_before(found[0]))
    return _never_cleared(facts)


def _before(trial: Trial) -> float:
    """What was too much at the place that is told."""
    if trial.actual.shape != trial.expected.shape:
        return 0.0
    gap = trial.actual - trial.expected
    return float(gap.ravel()[int(np.argmax(np.abs(gap)))])


def _surplus(trial: Trial) -> Array | None:
    """What `.grad` held when the pass began, and the right gradient."""
    for event in reversed(trial.passes):
        before, gave = held(event), given(event)
        for leaf in event.leaves if event.api == "backward" else ():
            total = leaf.id in before and alike(array(leaf.after), trial.actual)
            if total and alike(gave.get(leaf.id), trial.expected):
                return trial.expected + before[leaf.id]
    return None


def _leaves(trial: Trial) -> Array | None:
    """The same for the `.grad` of several leaves in one row."""
    for event in reversed(trial.passes):
        if event.api != "backward" or not held(event):
            continue
        after = _row(event, [array(leaf.after) for leaf in event.leaves])
        gave = _row(event, [given(event).get(leaf.id) for leaf in event.leaves])
        if after is None or gave is None or after.shape != trial.actual.shape:
            continue
        if alike(after, np.sort(trial.actual)) and alike(gave, np.sort(trial.expected)):
            return trial.actual
    return None


def _row(event: Event, parts: list[Array | None]) -> Array | None:
    if len(parts) < 2 or any(part is None or part.size != 1 for part in parts):
        return None
    return np.sort(np.array([float(part.ravel()[0]) for part in parts if part is not None]))


def _rows(trial: Trial) -> Array | None:
    """Each row with all rows before it."""
    if trial.expected.ndim < 2 or len(trial.expected) < 2:
        return None
    return np.cumsum(trial.expected, axis=0)


def _collected(trial: Trial) -> Array | None:
    """A whole multiple that stands in some leaf's `.grad`, which nothing but the student filled."""
    gave = [one for event in trial.passes for one in given(event).values()]
    if any(alike(one, trial.actual) for one in gave):
        return None
    if any(event.api == "backward" for event in trial.passes):
        return None
    for value in trial.names.values():
        if value.grad is not None and alike(array(value.grad), trial.actual):
            for fold in range(2, 21):
                if alike(trial.actual, fold * trial.expected):
                    return fold * trial.expected
    return None


def _callers(trial: Trial) -> Array | None:
    """What the arguments of a call came with in their `.grad`, and the right gradients."""
    if not any(one.any() for one in trial.held.values()):
        return None
    each = [trial.held.get(name, np.zeros_like(one)) for name, one in trial.inputs.items()]
    added = list(trial.held.values())
    if len({one.shape for one in each}) == 1:
        added.append(np.stack(each))
    for one in added:
        if one.shape == trial.expected.shape and alike(trial.actual, trial.expected + one):
            return trial.actual
    return trial.expected


def _stepped(facts: Facts) -> tuple[Trial, ...]:
    """A step by what `.grad` held besides: off by one multiple of it, in all runs the same."""
    found: list[Trial] = []
    for group in by_check(facts.trials).values():
        factors = [_multiple(trial) for trial in group if not trial.right]
        first = factors[0] if factors else None
        if first is None or any(f is None or abs(f - first) > 1e-2 * abs(first) for f in factors):
            continue
        found += [trial for trial in group if not trial.right]
    return tuple(found)


def _multiple(trial: Trial) -> float | None:
    if trial.actual.shape != trial.expected.shape or trial.actual.size < 2:
        return None
    if not np.isfinite(trial.actual).all() or not np.isfinite(trial.expected).all():
        return None
    gap = trial.actual - trial.expected
    for event in reversed(trial.here):
        for before in held(event).values():
            if before.shape != gap.shape or not np.isfinite(before).all() or not before.any():
                continue
            if alike(given(event).get(0), trial.expected):
                continue
            factor = float((gap * before).sum() / (before**2).sum())
            if factor and abs(factor) < 1 and alike(gap, factor * before):
                return factor
    return None


def _looped(facts: Facts) -> tuple[Trial, ...]:
    """A function with a loop that makes passes, reads `.grad` and never clears it."""
    found: list[Trial] = []
    for finding, check, node in facts.answers(("failed",)):
        if not isinstance(check, CallCheck) or finding.message.id != "check.call.differs":
            continue
        code = helpers(facts.code, node)
        if clears(*code):
            continue
        for loop in loops(*code):
            fresh = calls(loop) & {"requires_grad_", "requires_grad"}
            if "backward" in calls(loop) and reads_gradient(loop) and not fresh:
                found += [t for t in facts.trials if t.check == check.id and not t.right][:1]
                break
    return tuple(found)


def _repeated(facts: Facts) -> tuple[Trial, ...]:
    """The same pass in two statements on end, and a whole multiple of what is expected."""
    if not any(map(_twice_on_end, walk(*facts.code.trees()))):
        return ()
    found: list[Trial] = []
    for group in by_check(facts.trials).values():
        wrong = [trial for trial in group if not trial.right]
        fold = same(wrong, ratio)
        if fold is not None and round(fold, 3) in (2.0, 3.0, 4.0):
            found += wrong
    return tuple(found)


def _twice_on_end(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    roots = [_root(statement) for statement in body] if isinstance(body, list) else []
    return any(one is not None and one == other for one, other in pairwise(roots))


def _root(statement: ast.stmt) -> str | None:
    """What a statement that is a pass starts from."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        return ast.dump(call.func.value) if call.func.attr == "backward" else None
    return None


def _never_cleared(facts: Facts) -> Diagnosis | None:
    """Many passes in one cell, each on top of the last, and a value of that cell is wrong."""
    for trial in (*facts.trials, *facts.limited):
        if trial.right or facts.about_gradient_of(trial.check) or _expects_sum(facts, trial):
            continue
        until = trial.passes
        if never_cleared(until) >= 10:
            return told("accumulated-gradient", 0.88, [trial], before=_last(until))
    return None


def _expects_sum(facts: Facts, trial: Trial) -> bool:
    return not loops(*facts.code.trees()) or clears(*facts.code.trees())


def _last(events: tuple[Event, ...]) -> float:
    for event in reversed(events):
        for before in held(event).values():
            return float(before.ravel()[int(np.argmax(np.abs(before)))])
    return 0.0
