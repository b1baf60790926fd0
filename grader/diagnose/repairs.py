"""The smallest change of a student's formula that makes it right, and what that change is called.

A formula that gives, by `formula`, the very numbers the student got is changed in one place at a
time; a change after which it gives what was expected in every trial names the mistake.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.diagnose import edits, formula, source
from grader.diagnose.arrays import Array, alike
from grader.diagnose.edits import Formula
from grader.diagnose.formula import Scope, Unknown
from grader.diagnose.source import Code
from grader.diagnose.trials import Trial
from grader.parsing import nodes_of

_FACTORS = (2.0, 3.0, 4.0, 5.0, 0.5, 1 / 3, 0.25, 0.2, 1.5, 2 / 3, 0.75, 4 / 3, 10.0, 0.1)
_NUMBERS = (1, 2, 3, 4, 5, 6, 10, 0.5)
_ENOUGH = 60_000  # steps of all formulas together


@dataclass(frozen=True, slots=True, eq=False)
class Repair:
    """A change that makes an answer right: its name, the trials, the code before and after."""

    id: str
    trials: tuple[Trial, ...]
    before: str
    after: str


def find(code: Code, answer: ast.AST | None, trials: list[Trial]) -> Repair | None:
    """The first change by which all trials of a check come out right; None where there is none.

    Args:
        code: for functions that the answer calls.
        answer: the assigned expression, or the function that was called.
        trials: of one check, at least one of them wrong.
    """
    if not isinstance(answer, Formula):
        return None
    wrong = [trial for trial in trials if not trial.right]
    if not wrong:
        return None
    functions = dict(code.functions())
    asked = [_Asked(trial, functions) for trial in sorted(trials, key=lambda trial: trial.right)]
    answer = next(
        (
            one
            for one in (_body(answer, functions), _spelled(answer, code, trials), answer)
            if all(alike(each.first(one), each.trial.actual) for each in asked)
        ),
        None,
    )
    if answer is None:
        return None
    names = sorted(wrong[0].inputs)[:8]
    tried = 0
    for id, before, after, changed in _changes(edits.Tree(answer), names, asked[0]):
        fits = all(_fits(each.given(changed), each.trial) for each in asked)
        tried += 20
        if tried + sum(each.steps for each in asked) > _ENOUGH:
            return None
        if fits:
            return Repair(id, tuple(wrong), source.said(before), source.said(after))
    return None


class _Asked:
    """A trial of a formula, and what the formula's parts are worth in it."""

    def __init__(self, trial: Trial, functions: Mapping[str, formula.Function]) -> None:
        self.trial = trial
        self.steps = 0
        self._functions = functions
        self._known: dict[int, Any] = {}

    def first(self, answer: Formula) -> Array | None:
        """What a formula gives; its parts, which formulas told from it share, are remembered."""
        self._known = {}
        noted: dict[int, Any] = {}
        found = self._worked_out(answer, noted)
        self._known, self.steps = noted, 0
        return found

    def given(self, answer: Formula) -> Array | None:
        """What a formula gives, None where that cannot be told."""
        return self._worked_out(answer, None)

    def _worked_out(self, answer: Formula, noted: dict[int, Any] | None) -> Array | None:
        trial, function = self.trial, isinstance(answer, ast.FunctionDef)
        scope = Scope(
            {} if function else trial.readable, self._functions, known=self._known, noted=noted
        )
        try:
            if isinstance(answer, ast.FunctionDef):
                own = formula.parameters(answer)
                if not set(own) <= set(trial.inputs):
                    return None
                value = formula.call(answer, {name: trial.inputs[name] for name in own}, scope)
            else:
                value = formula.evaluate(answer, scope)
        except Unknown:
            return None
        finally:
            self.steps += scope.steps
        same = value.size == trial.actual.size and not function
        return value.reshape(trial.actual.shape) if same else value


def _body(answer: Formula, functions: Mapping[str, formula.Function]) -> Formula:
    """The student's own function where the answer is a call of it with names like its own."""
    if not isinstance(answer, ast.Call) or not isinstance(answer.func, ast.Name):
        return answer
    function = functions.get(answer.func.id)
    passed = [one.id for one in answer.args if isinstance(one, ast.Name)]
    if not isinstance(function, ast.FunctionDef) or answer.keywords:
        return answer
    return function if passed == list(formula.parameters(function)) else answer


def _spelled(answer: Formula, code: Code, trials: list[Trial]) -> Formula:
    """An expression with the lists in it that have a name written out: `stack(terms)`."""
    if isinstance(answer, ast.FunctionDef):
        return answer
    new: dict[int, ast.AST] = {}
    for node in nodes_of(answer):
        if isinstance(node, ast.Name) and all(node.id not in one.inputs for one in trials):
            made = code.assigned(node.id)
            if isinstance(made, ast.List | ast.Tuple):
                new[id(node)] = made
    return copy.deepcopy(answer, new) if new else answer


def _fits(value: Array | None, trial: Trial) -> bool:
    return value is not None and (
        alike(value, trial.expected)
        or (value.size == trial.expected.size == 1 and alike(value.ravel(), trial.expected.ravel()))
    )


Change = tuple[str, ast.AST, ast.AST, Formula]


def _changes(tree: edits.Tree, names: list[str], asked: _Asked) -> Iterator[Change]:
    """Formulas that differ from the answer in one place, the most telling changes first."""
    answer = tree.formula
    nodes = [node for node in nodes_of(answer) if isinstance(node, ast.expr)]
    for make in edits.MIXED_UP:
        for node in nodes:
            for id, new in make(node, names):
                yield id, node, new, tree.changed(node, new)
    for node in edits.results(answer):
        new = ast.UnaryOp(ast.USub(), node)
        yield "sign-flipped", node, new, tree.changed(node, new)
    addends = edits.addends(answer)
    for node in addends:
        for name in names:
            for factor in (1.0, 2.0, 3.0, 0.5):
                new = edits.times(edits.scaled(node, factor), ast.Name(name, ast.Load()))
                yield "missing-chain-factor", node, new, tree.changed(node, new)
    for node in addends:
        for factor in _FACTORS:
            new = edits.scaled(node, factor)
            yield "constant-factor", node, new, tree.changed(node, new)
    for node in edits.coefficients(addends):
        for number in (*_solved(tree, node, asked), *_NUMBERS):
            new = ast.Constant(number)
            yield "constant-factor", node, new, tree.changed(node, new)
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            for new in edits.more(node, asked.trial):
                yield "missing-term", node, new, tree.changed(node, new)
    for node in edits.results(answer):
        for name in names:
            for term in edits.terms(name):
                for operator in (ast.Add(), ast.Sub()):
                    new = ast.BinOp(node, operator, term)
                    yield "missing-term", node, new, tree.changed(node, new)


def _solved(tree: edits.Tree, node: ast.Constant, asked: _Asked) -> list[float]:
    """The number in a coefficient's place with which one trial comes out right, if any does.

    What is linear in the coefficient is known from its values at 0 and 1.
    """
    none, one = (asked.given(tree.changed(node, ast.Constant(n))) for n in (0.0, 1.0))
    trial = asked.trial
    if none is None or one is None or none.shape != one.shape or none.size != trial.expected.size:
        return []
    with np.errstate(all="ignore"):
        slope = (one - none).ravel()
        at = int(np.argmax(np.abs(slope)))
        number = float((trial.expected.ravel()[at] - none.ravel()[at]) / slope[at])
    return [float(f"{number:.6g}")] if np.isfinite(number) and number else []
