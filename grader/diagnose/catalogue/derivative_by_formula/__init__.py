"""The derivative was written down; autograd, which was asked for, did not make it."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.arrays import alike
from grader.diagnose.code import written
from grader.diagnose.facts import Facts, root
from grader.diagnose.quotients import kinds
from grader.diagnose.source import called, calls, helpers, reads_gradient, walk
from grader.model.exercise import EventCheck, SourceCheck, TensorCheck
from grader.model.result import Diagnosis, Finding

_FUNCTIONS = frozenset(
    [
        "cos",
        "cos_",
        "sin",
        "tan",
        "exp",
        "exp2",
        "expm1",
        "log",
        "sqrt",
        "pow",
        "sigmoid",
        "tanh",
        "polar",
        "e",
    ]
)
_FORWARD = frozenset(["jvp", "jacfwd", "linearize", "make_dual", "unpack_dual"])
_AS_IT_IS = frozenset(["detach", "clone", "item", "numpy", "tolist"])


def match(facts: Facts) -> Diagnosis | None:
    """A forbidden formula was used, or a gradient is there that no pass made."""
    forbidden = [f for f in facts.wrong if _formula(facts, f)]
    missing = [f for f in facts.wrong if f.message.id == "check.event.none"]
    drawn = [f for f in facts.wrong if f.message.id == "check.figure.not_autograd"]
    if forbidden:
        name = str(forbidden[0].message.params.get("name", ""))
        more = (*(f.check for f in missing), *(f.check for f in drawn))
        ids = (*(f.check for f in forbidden), *more)
        return Diagnosis("derivative-by-formula", 0.93, ids, {"name": name})
    for finding in missing:
        made = _made(facts, finding)
        if made is not None:
            name, right = made
            ids = (finding.check, *(f.check for f in drawn))
            return Diagnosis("derivative-by-formula", 0.85 if right else 0.7, ids, {"name": name})
    return None


def _formula(facts: Facts, finding: Finding) -> bool:
    check = facts.checks.get(finding.check)
    if not isinstance(check, SourceCheck) or finding.message.id != "check.source.forbidden":
        return False
    name = str(finding.message.params.get("name", "")).split(".")[-1]
    return name in _FUNCTIONS and not _in_function(facts, name) and not _powers(facts, name)


def _powers(facts: Facts, name: str) -> bool:
    """Whether it is `pow` with numbers for exponents: squares, where an exponential is no power."""
    found = [
        call
        for call in walk(*facts.code.trees())
        if isinstance(call, ast.Call) and called(call) == name == "pow"
    ]
    exponents = [(*call.args, *(word.value for word in call.keywords))[-1:] for call in found]
    return bool(found) and all(
        len(one) == 1 and isinstance(one[0], ast.Constant) for one in exponents
    )


def _in_function(facts: Facts, name: str) -> bool:
    """Whether it stands in wrong values of a function only, which is no derivative."""
    where = [
        node for finding, _, node in facts.answers(("failed",)) if not facts.about_gradient(finding)
    ]
    return bool(where) and _count(name, *where) == _count(name, *facts.code.trees())


def _count(name: str, *nodes: ast.AST) -> int:
    calls = (n for n in walk(*nodes) if isinstance(n, ast.Call))
    return sum(called(call) == name for call in calls)


def _made(facts: Facts, finding: Finding) -> tuple[str, bool] | None:
    """A value that waits for the missing pass and is there, and whether it is right."""
    event = facts.checks.get(finding.check)
    if not isinstance(event, EventCheck):
        return None
    selector = facts.exercise.events.get(event.event)
    cell = selector.cell if selector is not None else None
    for check in facts.exercise.checks:
        if not isinstance(check, TensorCheck) or finding.check not in check.needs:
            continue
        if check.value.endswith(".grad") or _passed_in(facts, check.cell, cell):
            continue
        if not _written_down(facts, check) or _of_gradient(facts, check):
            continue
        value = facts.names().get(root(check.value))
        if value is None or value.data is None or not np.isfinite(value.data).any():
            continue
        trials = [trial for trial in facts.trials if trial.check == check.id]
        return check.value, bool(trials) and all(alike(t.actual, t.expected) for t in trials)
    return None


def _written_down(facts: Facts, check: TensorCheck) -> bool:
    """Whether a formula may stand there.

    It does not where a value has only another name, in a quotient, and in what forward mode gives.
    """
    node = facts.code.answer(check)
    if node is None:
        return True
    code = helpers(facts.code, node)
    works = any(isinstance(n, ast.BinOp | ast.UnaryOp) for n in walk(*code))
    if kinds(code) or calls(*code) & _FORWARD:
        return False
    return works or bool(calls(*code) - _AS_IT_IS)


def _of_gradient(facts: Facts, check: TensorCheck) -> bool:
    """Whether the value's cell goes on with a `.grad`, which an earlier cell's pass filled."""
    cells = facts.scene.group(check.cell)
    return any(reads_gradient(one.tree) for one in written(facts) if one.cell in cells)


def _passed_in(facts: Facts, *cells: str | None) -> bool:
    """Whether some pass worked in one of the cells."""
    indexes = {index for name in cells if name is not None for index in facts.scene.group(name)}
    return any(one.event.error is None and one.cell in indexes for one in facts.passes())
