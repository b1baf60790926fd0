"""A column minus a row: (n, 1) − (n,) is a table of n × n."""

from __future__ import annotations

import ast
import contextlib
import copy

from grader.diagnose import formula
from grader.diagnose.arrays import array
from grader.diagnose.facts import Facts
from grader.diagnose.formula import Scope, Unknown
from grader.diagnose.trials import Trial, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The student's own expression, worked out again, stretches a column and a row."""
    found: list[Trial] = []
    seen: dict[str, bool] = {}
    for trial in facts.trials:
        if not trial.right:
            if trial.check not in seen:
                seen[trial.check] = _stretches(facts, trial)
            if seen[trial.check]:
                found.append(trial)
    if not found:
        return None
    more = [t for t in facts.trials if not t.right and t.names and t not in found]
    size = max(max(one.shape, default=1) for one in found[0].inputs.values())
    return told("broadcast-by-accident", 0.97, (*found, *more), size=size)


def _stretches(facts: Facts, trial: Trial) -> bool:
    check = facts.checks.get(trial.check)
    # An author's own function may stretch on purpose.
    given_by_author = facts.code.given()
    functions = {n: f for n, f in facts.code.functions().items() if n not in given_by_author}
    if isinstance(check, TensorCheck):
        node = facts.code.answer(check)
        names = {n: one for n, v in trial.names.items() if (one := array(v)) is not None}
        scope = Scope({**names, **trial.inputs}, functions)
        return isinstance(node, ast.expr) and _tried(node, scope)
    if not isinstance(check, CallCheck) or check.function not in functions:
        return False
    function = functions[check.function]
    for place, statement in enumerate(function.body):
        if isinstance(statement, ast.Assign):
            cut = copy.copy(function)
            result = ast.copy_location(ast.Return(statement.value), statement)
            cut.body = [*function.body[:place], result]
            scope = Scope({}, functions)
            given = {n: trial.inputs[n] for n in formula.parameters(function) if n in trial.inputs}
            with contextlib.suppress(Unknown):
                formula.call(cut, given, scope)
            if scope.stretched:
                return True
    return False


def _tried(node: ast.expr, scope: Scope) -> bool:
    with contextlib.suppress(Unknown):
        formula.evaluate(node, scope)
    return scope.stretched
