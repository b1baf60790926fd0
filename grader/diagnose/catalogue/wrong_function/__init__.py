"""Already the value is another: another function was written, and differentiated rightly.

That it was is seen in a value, or it follows: where a single pass gave the very answer, with the
weights that were asked for, nothing but the function can be wrong. Neither follows where the
function stands in the author's cell, where other weights may have been meant, or where the answer
is the right one to another question.
"""

from __future__ import annotations

import ast
import re

import numpy as np

from grader.diagnose import leaves
from grader.diagnose.arrays import alike, array
from grader.diagnose.code import assigned, own_functions, read, written
from grader.diagnose.facts import Facts
from grader.diagnose.formula import parameters
from grader.diagnose.passes import given
from grader.diagnose.quotients import kinds
from grader.diagnose.source import called, calls, helpers, reads_gradient, walk
from grader.diagnose.trials import Trial, told
from grader.model.exercise import CallCheck, EventCheck, TensorCheck
from grader.model.observation import Event
from grader.model.result import Diagnosis

_PASSES = frozenset(
    ["backward", "grad", "jvp", "vjp", "jacrev", "jacfwd", "jacobian", "hessian", "make_dual"]
)
_FORM = frozenset(["shape", "dtype", "device", "ndim"])
_ONES = frozenset(["ones", "ones_like"])


def match(facts: Facts) -> Diagnosis | None:
    """A value that no pass made differs; or a pass gave what was stored, of something else."""
    inputs = _given(facts)
    wrong = [
        trial
        for trial in facts.trials
        if not trial.right and _says_something(trial) and not _quotient(facts, trial)
        if getattr(facts.checks.get(trial.check), "value", None) not in inputs
        and not _of_given_function(facts, trial)
    ]
    values = [
        t
        for t in wrong
        if t.result is None
        and not _slope(facts, t)
        and not _of_another_check(facts, t)
        and not _of_no_name(facts, t)
        and not _of_changed_input(facts, t, inputs)
    ]
    gradients = [t for t in wrong if t not in values and not _reached(t) and _by_pass(facts, t)]
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


def _of_another_check(facts: Facts, trial: Trial) -> bool:
    """Whether it is what another check of the run expects: two were exchanged, or one copied.

    Not a gradient: the cosine is also what was written for the sine.
    """
    others = (one for id, one in trial.siblings.items() if not facts.about_gradient_of(id))
    return trial.dtype != "bool" and any(alike(trial.actual, one) for one in others)


def _reached(trial: Trial) -> bool:
    """Whether a pass there did give what is asked for: it was not read, or read for another."""
    return any(
        alike(one, trial.expected)
        for event in trial.here
        for one in (*given(event).values(), *(array(leaf.after) for leaf in event.leaves))
    )


def _of_given_function(facts: Facts, trial: Trial) -> bool:
    """Whether the function that the answer is made by was the author's to write."""
    theirs = {
        name
        for name in facts.code.given()
        if not read(facts.code.functions()[name]) & _written(facts)
    }
    return any(read(node) & theirs for node in _made_of(facts, trial))


def _written(facts: Facts) -> frozenset[str]:
    """The names of functions and classes that the student wrote."""
    own = (node for tree in facts.code.trees() for node in tree.body)
    return frozenset(n.name for n in own if isinstance(n, ast.FunctionDef | ast.ClassDef))


def _of_no_name(facts: Facts, trial: Trial) -> bool:
    """Whether an answer was made of nothing but numbers: that is no function of anything."""
    check = facts.checks.get(trial.check)
    node = facts.code.answer(check) if isinstance(check, TensorCheck) else None
    return node is not None and not read(node)


def _made_of(facts: Facts, trial: Trial) -> tuple[ast.AST, ...]:
    """The student's code that an answer is made by: what it is computed from, and functions."""
    check = facts.checks.get(trial.check)
    if isinstance(check, CallCheck):
        return helpers(facts.code, facts.code.answer(check))
    finding = next((one for one in facts.findings if one.check == trial.check), None)
    steps = () if finding is None else leaves.made(facts, finding)
    named = {step.name for step in steps} | {getattr(check, "value", None)}
    parts = [facts.code.answer(check)] if isinstance(check, TensorCheck) else []
    parts += [step.value for step in steps] + [
        argument
        for tree in facts.code.trees()
        for node in walk(tree)
        if isinstance(node, ast.Call) and called(node) in {"append", "extend"}
        if isinstance(node.func, ast.Attribute) and read(node.func.value) & named
        for argument in node.args
    ]
    return helpers(facts.code, *parts)


def _of_changed_input(facts: Facts, trial: Trial, inputs: frozenset[str]) -> bool:
    """Whether it was computed from an input that was to be changed, and was not changed rightly."""
    ends = {finding.check: finding.cell for finding in facts.findings}
    at = ends.get(trial.check)
    changed = {
        check.value
        for one in facts.wrong
        if isinstance(check := facts.checks.get(one.check), TensorCheck) and check.value in inputs
        if at is not None and one.cell is not None and one.cell <= at
    }
    return any(read(node) & changed for node in _made_of(facts, trial))


def _slope(facts: Facts, trial: Trial) -> bool:
    """Whether a gradient is asked for, or the answer was made of one."""
    check = facts.checks.get(trial.check)
    if facts.about_gradient_of(trial.check):
        return True
    if isinstance(check, CallCheck):
        return bool(calls(*helpers(facts.code, facts.code.answer(check))) & _PASSES)
    return any(reads_gradient(node) for node in _made_of(facts, trial))


def _by_pass(facts: Facts, trial: Trial) -> bool:
    """Whether the answer is what a single pass gave, with the weights that were asked for."""
    check = facts.checks.get(trial.check)
    if isinstance(check, CallCheck):
        return trial.result is None and _by_call(facts, check)
    if _rule_differs(facts):
        return False
    found: Event | None = None
    for event in trial.passes:
        if any(alike(one, trial.actual) for one in given(event).values()):
            found = event
        elif found is None and event.create_graph:
            return False  # what follows may be a derivative of another order
    return found is not None and not found.create_graph and _weighted(facts, trial, found)


def _rule_differs(facts: Facts) -> bool:
    """Whether the `backward` that the student wrote is wrong, and so what goes through it."""
    own = any(own_functions(cell.tree) for cell in written(facts))
    return own and any(one.message.id == "check.call.gradient_differs" for one in facts.wrong)


def _weighted(facts: Facts, trial: Trial, event: Event) -> bool:
    """Whether a pass was weighted as the exercise asks for: by what it gives, or by ones.

    Where an argument is asked for, ones may be what is wrong, and so may be the input itself where
    other weights are given.
    """
    weights = [array(one) for one in event.gradients if one is not None]
    asked = any(
        isinstance(check, EventCheck) and (check.argument or check.gradient is not None)
        for check in facts.exercise.checks
    )
    if not weights:
        return not asked
    started = [array(leaf.value) for leaf in event.leaves]
    others = [one for one in trial.inputs.values() if not any(alike(one, x) for x in started)]
    for one in weights:
        if one is None:
            return False
        if np.all(one == 1):
            if asked:
                return False
        elif any(alike(one, x) for x in started):
            if any(one.shape == other.shape for other in others):
                return False
        elif not any(alike(one, other) for other in others):
            return False
    return True


def _by_call(facts: Facts, check: CallCheck) -> bool:
    """Whether a gradient is asked for and a function makes one pass, of all that it is given.

    One pass: none over what another pass gave, and none that are taken steps with. Its weights are
    ones or a parameter that is read nowhere else.
    """
    node = facts.code.answer(check)
    code = helpers(facts.code, node)
    passes = [one for one in walk(*code) if isinstance(one, ast.Call) and called(one) in _PASSES]
    if not isinstance(node, ast.FunctionDef) or not facts.about_gradient_of(check.id):
        return False
    again = any(word.arg == "create_graph" for one in passes for word in one.keywords)
    nested = any(calls(*one.args) & _PASSES for one in passes)
    names = [one.id for one in _read(node)]
    return (
        bool(passes)
        and not again
        and not nested
        and set(parameters(node)) <= set(names)
        and all(_plain(weights, names) for one in passes for weights in _arguments(one))
    )


def _arguments(one: ast.Call) -> list[ast.expr]:
    """The weights of a pass, as they were written."""
    found = [word.value for word in one.keywords if word.arg in {"gradient", "grad_outputs"}]
    at = {"backward": 0, "grad": 2}.get(called(one))
    return found + (one.args[at : at + 1] if at is not None else [])


def _plain(weights: ast.expr, names: list[str]) -> bool:
    """Whether these are ones, or a name that nothing else in the function reads."""
    if isinstance(weights, ast.Tuple | ast.List):
        return all(_plain(one, names) for one in weights.elts)
    if isinstance(weights, ast.Call):
        return called(weights) in _ONES
    return isinstance(weights, ast.Name) and names.count(weights.id) == 1


def _read(function: ast.FunctionDef) -> list[ast.Name]:
    """The names whose numbers are read, and not their shape or dtype alone."""
    body = tuple(walk(*function.body))
    outside = [one.value for one in body if isinstance(one, ast.Attribute) and one.attr in _FORM]
    for one in body:
        if isinstance(one, ast.Call) and (called(one).endswith("_like") or called(one) == "len"):
            outside += one.args[:1]
    skipped = set(map(id, outside))
    return [
        one
        for one in body
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and id(one) not in skipped
    ]
