"""Tables of derivatives at a trial's inputs, from differences.

Of the author's functions, and second derivatives of what a student's function differentiates.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import numpy as np

from grader.diagnose import formula
from grader.diagnose.arrays import Array
from grader.diagnose.formula import Scope, Unknown
from grader.diagnose.source import Code, called
from grader.diagnose.trials import Trial
from grader.parsing import nodes_of

_WIDEST = 6
_STEP = 1e-4


def tables(code: Code, trial: Trial) -> list[tuple[str, Array]]:
    """The argument's name and the Jacobian, outputs × elements, of each function of one argument.

    An argument is looked for among the trial's inputs, by the name of the function's parameter.
    """
    found: list[tuple[str, Array]] = []
    functions = code.functions()
    for name in sorted(code.given()):
        known = formula.parameters(functions[name])
        at = {one: trial.inputs[one] for one in known if one in trial.inputs}
        if len(known) != 1 or set(at) != set(known) or at[known[0]].ndim > 1:
            continue
        try:
            table = formula.table(functions[name], known[0], at, Scope({}, functions))
        except Unknown:
            continue
        if np.isfinite(table).all():
            found.append((known[0], table))
    return found


def value(code: Code, trial: Trial, at: Array) -> Array | None:
    """What the author's one function of one argument gives at some point."""
    functions = code.functions()
    for name in sorted(code.given()):
        known = formula.parameters(functions[name])
        if len(known) == 1:
            try:
                return formula.call(functions[name], {known[0]: at}, Scope({}, functions))
            except Unknown:
                continue
    return None


def hessians(code: Code, function: ast.FunctionDef, trial: Trial) -> Iterator[tuple[str, Array]]:
    """The argument's name and the second derivatives by it of each number whose gradient the
    function takes in order to differentiate that again (`grad(y, x, create_graph=True)`)."""
    functions = code.functions()
    known = formula.parameters(function)
    at = {name: trial.inputs[name] for name in known if name in trial.inputs}
    if set(at) != set(known):
        return
    for root in _roots(function):

        def value(point: Array, name: str, root: ast.FunctionDef = root) -> float:
            made = formula.call(root, {**at, name: point}, Scope({}, functions))
            if made.size != 1:
                raise Unknown
            return float(made.ravel()[0])

        for name, x in at.items():
            if x.ndim != 1 or not 0 < x.size <= _WIDEST:
                continue
            try:
                table = _second(value, name, x)
            except Unknown:
                continue
            if np.isfinite(table).all():
                yield name, table


def _roots(function: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Functions of the same arguments that return what is differentiated with a graph."""
    for place, statement in enumerate(function.body):
        for node in nodes_of(statement):
            if (
                isinstance(node, ast.Call)
                and called(node) == "grad"
                and node.args
                and any(word.arg == "create_graph" for word in node.keywords)
            ):
                made = ast.Return(node.args[0])
                body = [*function.body[:place], made]
                yield ast.FunctionDef(function.name, function.args, body, [])


def _second(value: Callable[[Array, str], float], name: str, x: Array) -> Array:
    """Second derivatives from central differences in float64.

    Raises:
        Unknown: the function cannot be worked out here.
    """
    steps = _STEP * np.maximum(1.0, np.abs(x)) * np.eye(x.size)
    table = np.empty((x.size, x.size))
    for i, one in enumerate(steps):
        for j, other in enumerate(steps[: i + 1]):
            corners = (
                sign * turn * value(x + sign * one + turn * other, name)
                for sign in (1, -1)
                for turn in (1, -1)
            )
            table[i, j] = table[j, i] = sum(corners) / (4 * one[i] * other[j])
    return table
