"""Already the value is another: another function was written, and differentiated rightly.

That it was is seen in a value, or it follows: where a single pass gave the very answer, with the
weights that were asked for, nothing but the function can be wrong.
"""

from __future__ import annotations

import ast
import re

import numpy as np

from grader.diagnose.arrays import Array, alike, array
from grader.diagnose.code import assigned, written
from grader.diagnose.facts import Facts
from grader.diagnose.formula import parameters
from grader.diagnose.passes import given
from grader.diagnose.quotients import kinds
from grader.diagnose.source import called, calls, helpers, reads_gradient, walk
from grader.diagnose.trials import Trial, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.observation import Event
from grader.model.result import Diagnosis
from grader.model.value import Value

_PASSES = frozenset(
    ["backward", "grad", "jvp", "vjp", "jacrev", "jacfwd", "jacobian", "hessian", "make_dual"]
)
_FORM = frozenset(["shape", "dtype", "device", "ndim"])


def match(facts: Facts) -> Diagnosis | None:
    """A value that no pass made differs; or a pass gave what was stored, of something else."""
    inputs = _given(facts)
    wrong = [
        trial
        for trial in facts.trials
        if not trial.right and _says_something(trial) and not _quotient(facts, trial)
        if getattr(facts.checks.get(trial.check), "value", None) not in inputs
    ]
    values = [t for t in wrong if not _slope(facts, t) and t.result is None]
    gradients = [t for t in wrong if t not in values and _by_pass(facts, t)]
    if not values and not gradients:
        return None
    first = (*values, *gradients)
    return told("wrong-function", 0.6 if values else 0.5, first)


def _given(facts: Facts) -> frozenset[str]:
    """Names that the exercise gives a value: in what became of them no function was written."""
    locked = (cell for cell in written(facts, locked=True) if cell.locked)
    return frozenset(n for cell in locked for step in assigned(cell.tree) for n in step.names)


def _says_something(trial: Trial) -> bool:
    """Whether an answer tells of a function: zeros are made in many ways, a no is an answer."""
    return bool(np.any(trial.actual)) or (trial.dtype == "bool" and not trial.actual.shape)


def _quotient(facts: Facts, trial: Trial) -> bool:
    """Whether it was made by a difference quotient, which is no function of its own."""
    check = facts.checks.get(trial.check)
    node = facts.code.answer(check) if isinstance(check, CallCheck | TensorCheck) else None
    code = helpers(facts.code, node)
    named = {check.function} if isinstance(check, CallCheck) else calls(*code)
    return bool(kinds(code)) or any(re.search("differ|quotient", name) for name in named)


def _slope(facts: Facts, trial: Trial) -> bool:
    """Whether a gradient is asked for, or the answer was made of one."""
    check = facts.checks.get(trial.check)
    node = facts.code.answer(check) if isinstance(check, TensorCheck | CallCheck) else None
    if facts.about_gradient_of(trial.check):
        return True
    if isinstance(check, CallCheck):
        return bool(calls(*helpers(facts.code, node)) & _PASSES)
    return node is not None and reads_gradient(node)


def _by_pass(facts: Facts, trial: Trial) -> bool:
    """Whether the answer is what a single pass gave, with the weights that were asked for."""
    check = facts.checks.get(trial.check)
    if isinstance(check, CallCheck):
        return trial.result is None and _by_call(facts, check)
    for event in trial.passes:
        if event.create_graph:
            return False  # what follows may be a derivative of another order
        if any(alike(one, trial.actual) for one in given(event).values()):
            return all(_plain(trial, weights) for weights in map(array, _weights(event)))
    return False


def _weights(event: Event) -> list[Value]:
    return [one for one in event.gradients if one is not None]


def _plain(trial: Trial, weights: Array | None) -> bool:
    """Whether a pass was weighted by ones or by what the exercise gave."""
    if weights is None:
        return False
    return bool(np.all(weights == 1)) or any(alike(weights, one) for one in trial.inputs.values())


def _by_call(facts: Facts, check: CallCheck) -> bool:
    """Whether a gradient is asked for and a function makes one pass, of all that it is given.

    One pass: none over what another pass gave, and none that are taken steps with.
    """
    node = facts.code.answer(check)
    code = helpers(facts.code, node)
    passes = [one for one in walk(*code) if isinstance(one, ast.Call) and called(one) in _PASSES]
    if not isinstance(node, ast.FunctionDef) or not facts.about_gradient_of(check.id):
        return False
    again = any(word.arg == "create_graph" for one in passes for word in one.keywords)
    nested = any(calls(*one.args) & _PASSES for one in passes)
    return bool(passes) and not again and not nested and set(parameters(node)) <= _read(node)


def _read(function: ast.FunctionDef) -> set[str]:
    """The names whose numbers are read, and not their shape or dtype alone."""
    body = tuple(walk(*function.body))
    outside = [one.value for one in body if isinstance(one, ast.Attribute) and one.attr in _FORM]
    for one in body:
        if isinstance(one, ast.Call) and (called(one).endswith("_like") or called(one) == "len"):
            outside += one.args[:1]
    skipped = set(map(id, outside))
    return {
        one.id
        for one in body
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and id(one) not in skipped
    }
