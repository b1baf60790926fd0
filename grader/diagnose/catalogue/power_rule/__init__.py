"""The power rule half done: the exponent not lowered, or the factor in front forgotten."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.arrays import Array, alike
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.source import calls, helpers, reads_gradient, walk
from grader.diagnose.trials import Hypothesis, Trial, by_check, explained, ratio, same, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis

_FACTORS = (1.0, 2.0, 0.5, 3.0, 1 / 3, 0.25, 4.0)
_SLOPES = frozenset(["backward", "grad", "jvp", "vjp", "jacrev", "jacfwd", "jacobian", "hessian"])


def match(facts: Facts) -> Diagnosis | None:
    """Off by a power of the input, or by 1/n in a derivative that was written by hand."""
    mended = [t for repair in facts.repairs if repair.id == "power-rule" for t in repair.trials]
    own = _own_backward(facts)
    for name, power, factor in _guesses(facts):
        found = [
            trial
            for trial in explained(facts.trials, _off_by(name, power, factor, own))
            if not _multiplied(facts, trial.check) and (own or not _read_off(facts, trial.check))
        ]
        if found and (len(found) > 1 or found[0].actual.size > 1):
            return told("power-rule", 0.92, (*found, *mended))
    if mended:
        return told("power-rule", 0.91, mended)
    for factor in (2.0, 3.0):
        found = list(explained(facts.trials, _own_inputs(factor)))
        if found:
            return told("power-rule", 0.9, found)
    return told("power-rule", 0.9, _by_hand(facts))


def _guesses(facts: Facts) -> list[tuple[str, int, float]]:
    names = {name for trial in facts.trials for name in _leaves(trial)}
    return [(n, power, f) for n in sorted(names) for power in (1, -1) for f in _FACTORS]


def _leaves(trial: Trial) -> dict[str, Array]:
    """Inputs by which something is differentiated: leaves, or the one argument of a function."""
    if trial.names:
        wanted = {n for n, v in trial.names.items() if v.leaf and v.requires_grad}
        return {name: one for name, one in trial.inputs.items() if name in wanted}
    if trial.differentiated and trial.cotangent is None:
        return {}
    if trial.cotangent is not None or len(trial.inputs) == 1:
        return dict(trial.inputs)
    return {}


def _by_pass(trial: Trial) -> bool:
    return any(alike(one, trial.actual) for event in trial.passes for one in given(event).values())


def _off_by(name: str, power: int, factor: float, own: bool) -> Hypothesis:
    def foretell(trial: Trial) -> Array | None:
        x = _leaves(trial).get(name)
        if x is None or x.shape != trial.expected.shape or not np.any(x):
            return None
        if (power > 0 or not own) and _by_pass(trial):
            return None  # autograd knows the rule: what was differentiated is another function
        return trial.expected * factor * x**power

    return foretell


def _own_inputs(factor: float) -> Hypothesis:
    """The inputs themselves, each taken for a square's derivative."""

    def foretell(trial: Trial) -> Array | None:
        parts = [one for one in trial.inputs.values() if one.size]
        if len(parts) < 2 or len({one.shape for one in parts}) != 1:
            return None
        stacked = np.stack(parts)
        return factor * stacked if stacked.shape == trial.expected.shape else None

    return foretell


def _read_off(facts: Facts, id: str) -> bool:
    """Whether the answer is what a tensor holds in `.grad`, perhaps a copy of it."""
    check = facts.checks.get(id)
    node = facts.code.answer(check) if isinstance(check, TensorCheck) else None
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        node = node.func.value
    return isinstance(node, ast.Attribute) and node.attr == "grad"


def _multiplied(facts: Facts, id: str) -> bool:
    """Whether a gradient of autograd's was multiplied afterwards: another mistake."""
    check = facts.checks.get(id)
    if not isinstance(check, TensorCheck | CallCheck):
        return False
    node = facts.code.answer(check)
    return any(
        isinstance(inner, ast.BinOp)
        and isinstance(inner.op, ast.Mult)
        and (reads_gradient(inner.left) or reads_gradient(inner.right))
        for inner in walk(node)
    )


def _own_backward(facts: Facts) -> bool:
    """Whether the student wrote a derivative into a function of autograd's own."""
    return any(
        isinstance(inner, ast.FunctionDef) and inner.name == "backward"
        for inner in walk(*facts.code.trees())
    )


def _by_hand(facts: Facts) -> list[Trial]:
    """1/2, 1/3 or 1/4 of it, in a formula or in a function's own `backward`."""
    found: list[Trial] = []
    own = _own_backward(facts)
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        wrong = [trial for trial in group if not trial.right]
        factor = same(wrong, ratio)
        if factor is None or not isinstance(check, TensorCheck | CallCheck):
            continue
        if not any(abs(factor * n - 1) < 1e-3 for n in (2, 3, 4)):
            continue
        code = helpers(facts.code, facts.code.answer(check))
        formula = bool(code) and not calls(*code) & _SLOPES and not any(map(reads_gradient, code))
        through = own and all(trial.cotangent is not None for trial in wrong)
        if through or (formula and facts.about_gradient_of(id)):
            found += wrong
    return found
