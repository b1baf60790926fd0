"""`int` cuts off where rounding was meant: one less than expected."""

from __future__ import annotations

import ast

from grader.diagnose.arrays import Array
from grader.diagnose.facts import Facts
from grader.diagnose.source import called, helpers, walk
from grader.diagnose.trials import Trial, explained, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis

_CUTS = frozenset(["int", "floor", "trunc", "long", "fix"])
_SUMS = (ast.Add, ast.Sub)


def match(facts: Facts) -> Diagnosis | None:
    """Right, or one less, in all places, of a function that cuts off."""
    found = [
        trial
        for trial in explained(facts.trials, _one_less)
        if isinstance(check := facts.checks.get(trial.check), TensorCheck | CallCheck)
        and _cut_off(helpers(facts.code, facts.code.answer(check)))
    ]
    return told("truncation-for-rounding", 0.96, found)


def _cut_off(code: tuple[ast.AST, ...]) -> bool:
    """Whether something is cut off, and it was not a half that was to make it round."""
    cuts = [n for n in walk(*code) if isinstance(n, ast.Call) and called(n) in _CUTS]
    sums = (n for n in walk(*cuts) if isinstance(n, ast.BinOp) and isinstance(n.op, _SUMS))
    return bool(cuts) and not any(_half(n.left) or _half(n.right) for n in sums)


def _half(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0.5


def _one_less(trial: Trial) -> Array | None:
    if trial.right or trial.dtype == "bool":
        return None
    return trial.expected - 1
