"""Each part overwrote the one before; the last is what remained."""

from __future__ import annotations

import ast

from grader.diagnose.arrays import alike, total
from grader.diagnose.facts import Facts
from grader.diagnose.passes import emptied, given
from grader.diagnose.source import helpers, loops, walk
from grader.diagnose.trials import Trial, by_check, told
from grader.model.exercise import CallCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The answer is one part of the sum; or a loop assigns what is returned after it."""
    found = [trial for trial in facts.trials if not trial.right and _one_part(trial)]
    coded: list[Trial] = []
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        wrong = [trial for trial in group if not trial.right and trial not in found]
        wrong = [trial for trial in wrong if trial.actual.shape == trial.expected.shape]
        if isinstance(check, CallCheck) and wrong and _overwrites(facts, check):
            coded += wrong
    return told("last-part-only", 0.95 if found else 0.93, (*found, *coded))


def _one_part(trial: Trial) -> bool:
    """Several passes gave parts whose sum is expected, and one part is the answer."""
    gave = [given(event) for event in trial.here if event.error is None]
    for id in gave[0] if gave else ():
        if id in emptied(trial.here):
            continue  # cleared, not overwritten
        parts = [one[id] for one in gave if id in one and one[id].shape == trial.actual.shape]
        single = any(alike(part, trial.actual) for part in parts)
        if all(alike(part, parts[0]) for part in parts):
            continue
        for count in range(2, len(parts) + 1):
            if single and alike(total(parts[-count:]), trial.expected):
                return True
    return False


def _overwrites(facts: Facts, check: CallCheck) -> bool:
    """A name that every round of a loop assigns anew, and that is returned after it."""
    function = facts.code.functions().get(check.function)
    if function is None:
        return False
    for code in helpers(facts.code, function):
        if not isinstance(code, ast.FunctionDef):
            continue
        last = code.body[-1]
        if not isinstance(last, ast.Return) or last.value is None:
            continue
        used = {n.id for n in walk(last.value) if isinstance(n, ast.Name)}
        for loop in loops(code):
            if loop not in code.body or not isinstance(loop, ast.For):
                continue
            for place, statement in enumerate(loop.body):
                before = loop.body[:place]
                if isinstance(statement, ast.Assign) and _fresh(statement, used, before):
                    return True
    return False


def _fresh(statement: ast.Assign, used: set[str], before: list[ast.stmt]) -> bool:
    """Whether nothing of the round before goes into what is assigned.

    What a statement before it in the round reads, as `y.backward()` does, is carried on.
    """
    target = statement.targets[0]
    if not isinstance(target, ast.Name) or target.id not in used:
        return False
    carried = walk(*before, statement.value)
    again = {n.id for n in carried if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return target.id not in again
