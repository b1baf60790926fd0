"""A step against the wrong sign, or without its rate."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.arrays import Array
from grader.diagnose.facts import Facts
from grader.diagnose.source import called, calls, reads_gradient, walk
from grader.diagnose.trials import Trial, by_check, told
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """The step is another multiple of the right one; or the code adds the gradient."""
    trees = facts.code.trees()
    if not calls(*trees) & {"backward", "grad"} and not any(map(reads_gradient, trees)):
        return None  # a step is made of a gradient
    found: list[Trial] = []
    factor = 0.0
    for id, group in by_check(facts.trials).items():
        wrong = [trial for trial in group if not trial.right]
        if any(not t.right and facts.about_gradient_of(t.check) for t in facts.trials):
            continue  # then the step is wrong because the gradient is
        if facts.about_gradient_of(id) or not wrong:
            continue
        factors = [_multiple(trial) for trial in wrong]
        first = factors[0]
        if first is None or any(one is None or abs(one - first) > 1e-2 for one in factors):
            continue
        factor = factor or first
        found += wrong
    wrongly = _uphill(facts)
    if found:
        more = [t for t in facts.trials if not t.right and wrongly and t not in found]
        return told("wrong-update", 0.95, (*found, *more), factor=f"{factor:.3g}")
    if wrongly is not None:
        every = (*facts.trials, *facts.limited)
        wrong = [t for t in every if not t.right and not facts.about_gradient_of(t.check)]
        return told("wrong-update", 0.9, wrong, factor=wrongly)
    return None


def _multiple(trial: Trial) -> float | None:
    """The answer's step as a multiple of the right one, from an input of the same shape."""
    for start in trial.inputs.values():
        if start.shape != trial.actual.shape or trial.actual.size < 2:
            continue
        if trial.expected.shape != start.shape:
            continue
        right: Array = trial.expected - start
        if not np.any(np.abs(right) > 1e-4):
            continue
        if not np.isfinite(right).all() or not np.isfinite(trial.actual).all():
            continue
        factor = float(((trial.actual - start) * right).sum() / (right**2).sum())
        gap = np.abs(trial.actual - start - factor * right)
        if abs(factor) > 0.02 and np.all(gap <= 1e-4 * np.abs(right).max() * max(abs(factor), 1)):
            return factor
    return None


def _uphill(facts: Facts) -> str | None:
    """`+` before the gradient, or no rate, in a statement that changes the parameter."""
    gradients = {
        target.id
        for node in walk(*facts.code.trees())
        if isinstance(node, ast.Assign) and (reads_gradient(node.value) or _takes(node.value))
        for one in node.targets
        for target in nodes_of(one)
        if isinstance(target, ast.Name)
    }
    for node in walk(*facts.code.trees()):
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
            step = node.value
            if isinstance(node.target, ast.Attribute) or not _is_gradient(step, gradients):
                continue
            if isinstance(node.op, ast.Add) and not _negative(step):
                return "-1"
            if not any(isinstance(inner, ast.BinOp) for inner in nodes_of(step)):
                return "1/rate"
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            for inner in nodes_of(node.value):
                if (
                    isinstance(inner, ast.BinOp)
                    and isinstance(inner.op, ast.Add)
                    and isinstance(inner.left, ast.Name)
                    and inner.left.id == node.targets[0].id
                    and isinstance(inner.right, ast.BinOp)
                    and isinstance(inner.right.op, ast.Mult)
                    and _is_gradient(inner.right, gradients)
                    and not _negative(inner.right)
                ):
                    return "-1"
    return None


def _takes(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Call) and called(n) == "grad" for n in nodes_of(node))


def _is_gradient(node: ast.expr, gradients: set[str]) -> bool:
    direct = any(isinstance(n, ast.Attribute) and n.attr == "grad" for n in nodes_of(node))
    return direct or any(isinstance(n, ast.Name) and n.id in gradients for n in nodes_of(node))


def _negative(node: ast.expr) -> bool:
    return any(isinstance(n, ast.USub) for n in nodes_of(node))
