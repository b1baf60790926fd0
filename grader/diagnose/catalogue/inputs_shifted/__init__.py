"""A small number was added inside a function, so that it stays finite: another function."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.facts import Facts
from grader.diagnose.source import called, said, walk
from grader.diagnose.trials import told
from grader.model.result import Diagnosis

_INSIDE = frozenset(["log", "log2", "log10", "sqrt", "norm", "reciprocal", "rsqrt", "pow"])


def match(facts: Facts) -> Diagnosis | None:
    """`log(x + 1e-6)`, and numbers that are finite or not zero where something else is right."""
    shifted = next((n for n in walk(*facts.code.trees()) if _shifts(n)), None)
    if shifted is None:
        return None
    found = [
        trial
        for trial in facts.trials
        if not trial.right and (not np.isfinite(trial.expected).all() or not np.all(trial.expected))
    ]
    return told("inputs-shifted", 0.96, found, code=said(shifted))


def _shifts(node: ast.AST) -> bool:
    """A tiny constant added to the argument of a function that has a pole or an end."""
    if isinstance(node, ast.Call) and called(node) in _INSIDE:
        parts: list[ast.expr] = list(node.args)
        if isinstance(node.func, ast.Attribute):
            parts.append(node.func.value)
        return any(_tiny_sum(part) for part in parts)
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _tiny_sum(node.right)


def _tiny_sum(node: ast.expr) -> bool:
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
        return False
    return any(
        isinstance(side, ast.Constant) and isinstance(side.value, float) and 0 < side.value <= 1e-3
        for side in (node.left, node.right)
    )
