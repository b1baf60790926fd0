"""Every number has the other sign, or one term of a sum has."""

from __future__ import annotations

import ast
import copy

import numpy as np

from grader.diagnose import formula
from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.formula import Scope, Unknown
from grader.diagnose.source import results
from grader.diagnose.trials import Trial, by_check, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Minus what is expected in every place; or one sign in the formula mends it."""
    found = facts.explained(lambda trial: -trial.expected if np.any(trial.expected) else None)
    if found:
        return told("sign-flipped", 0.96 if _stands_there(facts, found[0].check) else 0.9, found)
    mended = [t for repair in facts.repairs if repair.id == "sign-flipped" for t in repair.trials]
    return told("sign-flipped", 0.92, mended or _terms(facts))


def _stands_there(facts: Facts, id: str) -> bool:
    """Whether a minus stands before the whole answer: without it, it is right."""
    check = facts.checks.get(id)
    node = facts.code.answer(check) if isinstance(check, TensorCheck | CallCheck) else None
    return node is not None and any(
        isinstance(result, ast.UnaryOp) and isinstance(result.op, ast.USub)
        for result in results(node)
    )


def _terms(facts: Facts) -> list[Trial]:
    """A returned sum of which one term can be worked out, and with its other sign is right."""
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        answers = [trial for trial in group if trial.result is None]
        if not isinstance(check, CallCheck) or not any(not trial.right for trial in answers):
            continue
        function = facts.code.functions().get(check.function)
        if function is None or not isinstance(function.body[-1], ast.Return):
            continue
        result = function.body[-1].value
        if not isinstance(result, ast.BinOp) or not isinstance(result.op, ast.Add | ast.Sub):
            continue
        for side in (result.left, result.right):
            minus = isinstance(result.op, ast.Sub) and side is result.right
            if all(_other_sign(facts, function, side, minus, trial) for trial in answers):
                return answers
    return []


def _other_sign(
    facts: Facts, function: ast.FunctionDef, side: ast.expr, minus: bool, trial: Trial
) -> bool:
    term = _term(facts, function, side, trial)
    if term is None or not np.any(term):
        return False
    return alike(trial.actual + (2 if minus else -2) * term, trial.expected)


def _term(facts: Facts, function: ast.FunctionDef, side: ast.expr, trial: Trial) -> Array | None:
    """What one operand of a function's result is."""
    last = function.body[-1]
    cut = copy.copy(function)
    cut.body = [*function.body[:-1], ast.copy_location(ast.Return(side), last)]
    try:
        given = {name: trial.inputs[name] for name in formula.parameters(function)}
        return formula.call(cut, given, Scope({}, facts.code.functions()))
    except (Unknown, KeyError):
        return None
