"""The function's value, or an intermediate one, where its gradient was asked for."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.arrays import Array, alike, array
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.source import (
    base,
    called,
    calls,
    helpers,
    reads_gradient,
    returned,
    said,
    walk,
)
from grader.diagnose.trials import Hypothesis, Trial, explained, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis
from grader.parsing import nodes_of

_MODULES = ("torch", "np", "numpy")
_SLOPES = frozenset(
    ["backward", "grad", "jvp", "vjp", "jacrev", "jacfwd", "jacobian", "hessian", "grad_and_value"]
)


def match(facts: Facts) -> Diagnosis | None:
    """The answer is the value of what was differentiated, by the numbers or by the code."""
    gradients = [
        trial
        for trial in facts.trials
        if (facts.about_gradient_of(trial.check) or trial.cotangent is not None)
        and not _passed(trial)
        and not _kept(trial)
    ]
    for foretell in (_named, _root, _elsewhere(facts), _weighted):
        found = explained(gradients, foretell)
        if found:
            return told("value-for-gradient", 0.945, found, name=_name(facts, found[0]))
    for trial in gradients:
        check = facts.checks.get(trial.check)
        if trial.right or not isinstance(check, CallCheck | TensorCheck):
            continue
        node = facts.code.answer(check)
        name = _by_code(facts, node) if node is not None else None
        if name is not None:
            return told("value-for-gradient", 0.945, [trial], name=name)
    return None


def _passed(trial: Trial) -> bool:
    """Whether a pass gave this very answer."""
    return any(alike(one, trial.actual) for event in trial.passes for one in given(event).values())


def _kept(trial: Trial) -> bool:
    """Whether it is the gradient that some result kept, whatever else has the same numbers."""
    return any(
        alike(array(value.grad), trial.actual)
        for name, value in trial.names.items()
        if name != trial.called and value.kind == "tensor" and not value.leaf
    )


def _named(trial: Trial) -> Array | None:
    """The value of a result that has a name."""
    for name, value in trial.names.items():
        if value.kind == "tensor" and not value.leaf and name != trial.called:
            found = array(value)
            if alike(found, trial.actual):
                return found
    return None


def _root(trial: Trial) -> Array | None:
    """The value from which a pass began."""
    mine = trial.names.get(trial.called)
    for event in trial.passes:
        for root in event.roots:
            if mine is not None and mine.id == root.id:
                continue  # the answer itself was differentiated further
            found = array(root)
            if alike(found, trial.actual) and found is not None and np.any(found != 1):
                return found
    return None


def _elsewhere(facts: Facts) -> Hypothesis:
    """What was expected of a value that is no gradient."""

    def foretell(trial: Trial) -> Array | None:
        for id, one in trial.siblings.items():
            if not facts.about_gradient_of(id) and alike(one, trial.actual):
                return one if one.size > 1 else None
        return None

    return foretell


def _weighted(trial: Trial) -> Array | None:
    """In a function's own backward: the result times what came in."""
    if trial.result is None or trial.cotangent is None:
        return None
    return trial.result * trial.cotangent


def _name(facts: Facts, trial: Trial) -> str:
    for name, value in trial.names.items():
        if name != trial.called and not value.leaf and alike(array(value), trial.actual):
            return name
    check = facts.checks.get(trial.check)
    found = facts.code.answer(check) if isinstance(check, TensorCheck) else None
    return said(found) if found is not None else trial.called


def _by_code(facts: Facts, node: ast.AST) -> str | None:
    results = returned(node) if isinstance(node, ast.FunctionDef) else (node,)
    roots = {
        name
        for inner in walk(*([node] if isinstance(node, ast.FunctionDef) else facts.code.trees()))
        if isinstance(inner, ast.Call)
        and called(inner) == "backward"
        and isinstance(inner.func, ast.Attribute)
        and isinstance(inner.func.value, ast.Name)
        and (name := inner.func.value.id)
    }
    for result in results:
        if not isinstance(result, ast.expr) or reads_gradient(result):
            continue
        if isinstance(node, ast.FunctionDef) and _bare(result) in _differentiated(node):
            return said(result)
        plain = isinstance(node, ast.FunctionDef) and base(result) in roots
        if plain and not any(isinstance(inner, ast.BinOp) for inner in nodes_of(result)):
            return base(result)
        used = calls(result)
        mine = facts.code.given() & used
        divided = any(
            isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div)
            for inner in nodes_of(node)
        )
        whole = calls(*helpers(facts.code, node))
        if mine and not whole & _SLOPES and not divided:
            return said(result)
    for inner in nodes_of(node):
        if not isinstance(inner, ast.Subscript) or _of_gradients(node, inner):
            continue
        compared = _compared(inner.slice)
        if compared is None or not _stands_for_a_gradient(node, compared):
            continue
        if calls(node) & _SLOPES or base(inner.value) not in _made_in(node):
            return said(compared)
    return None


def _made_in(node: ast.AST) -> set[str | None]:
    """Names that are assigned there: what is picked from them may be gradients by a formula."""
    return {
        one.id
        for one in nodes_of(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }


def _compared(index: ast.expr) -> ast.expr | None:
    """What an index is the `argmax` of."""
    for node in nodes_of(index):
        if isinstance(node, ast.Call) and called(node) == "argmax":
            method = isinstance(node.func, ast.Attribute) and base(node.func) not in _MODULES
            if method and isinstance(node.func, ast.Attribute):
                return node.func.value
            return node.args[0] if node.args else None
    return None


def _stands_for_a_gradient(node: ast.AST, compared: ast.expr) -> bool:
    """Whether a value of what is differentiated is compared; or nothing is differentiated at all.

    What does not hang on the variable of a pass is another choice, made of the inputs.
    """
    by = {
        one.id
        for call in nodes_of(node)
        if isinstance(call, ast.Call) and called(call) == "grad"
        for argument in (*call.args[1:2], *(w.value for w in call.keywords if w.arg == "inputs"))
        for one in nodes_of(argument)
        if isinstance(one, ast.Name)
    }
    by |= {
        one.value.id
        for one in nodes_of(node)
        if isinstance(one, ast.Attribute)
        and one.attr == "grad"
        and isinstance(one.value, ast.Name)
        and one.value.id not in ("autograd", "func", "torch")
    }
    read = {one.id for one in nodes_of(compared) if isinstance(one, ast.Name)}
    return bool(by & read) or not calls(node) & _SLOPES


def _differentiated(function: ast.FunctionDef) -> set[str]:
    """The formulas, not mere names, over which passes are made in a function."""
    receivers = (
        node.func.value
        for node in nodes_of(function)
        if isinstance(node, ast.Call)
        and called(node) == "backward"
        and isinstance(node.func, ast.Attribute)
    )
    return {_bare(one) for one in receivers if not isinstance(one, ast.Name)}


def _bare(node: ast.expr) -> str:
    """A formula without what is done to it in the end: `sum`, `mean`, `detach`, `clone`."""
    while (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("sum", "mean", "detach", "clone")
    ):
        node = node.func.value
    return ast.dump(node)


def _of_gradients(node: ast.AST, inner: ast.Subscript) -> bool:
    """Whether what is compared, or what is picked from, was made of gradients."""
    names = {n.id for n in nodes_of(inner) if isinstance(n, ast.Name)}
    made = [
        statement.value
        for statement in nodes_of(node)
        if isinstance(statement, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id in names for t in statement.targets)
    ]
    appended = [n for n in nodes_of(node) if isinstance(n, ast.Call) and called(n) == "append"]
    return any(reads_gradient(one) or calls(one) & _SLOPES for one in (*made, *appended))
