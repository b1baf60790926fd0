"""The answer does not follow the inputs: the same numbers, whatever they are."""

from __future__ import annotations

import ast
from dataclasses import replace

import numpy as np

from grader.diagnose import errors, unrecorded
from grader.diagnose.arrays import alike
from grader.diagnose.facts import Facts
from grader.diagnose.passes import given
from grader.diagnose.source import calls, said, walk
from grader.diagnose.trials import Trial, by_check, told
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """The same in the run and with other inputs, and nothing computed it; or one number always."""
    found: list[Trial] = []
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        wrong = [trial for trial in group if not trial.right]
        if not wrong or len(group) < 2:
            continue
        if (
            isinstance(check, TensorCheck)
            and (_stays(facts, check, group) or _part_stays(facts, check, group))
        ) or (isinstance(check, CallCheck) and _one_number(facts, check, group)):
            found += wrong
    named = told("typed-in-constant", 0.955, found)
    if named is not None:
        more = _refused(facts, {trial.check for trial in found})
        return replace(named, checks=tuple(dict.fromkeys((*named.checks, *more))))
    return _without_a_pass(facts) or _without_a_history(facts)


def _refused(facts: Facts, wrong: set[str]) -> tuple[str, ...]:
    """Checks of passes that found no history in the cells where numbers were written down."""
    cells = {
        index
        for id in wrong
        if isinstance(check := facts.checks.get(id), TensorCheck)
        for index in facts.scene.group(check.cell)
    }
    refused = (one for one in errors.named(facts, "unrecorded") if one.call is None)
    return tuple(check for one in refused if one.cell in cells for check in one.checks)


def _without_a_history(facts: Facts) -> Diagnosis | None:
    """Numbers where something was to be computed, from which a pass was then to start."""
    found = unrecorded.diagnosed(facts, "typed-in-constant")
    if found is None:
        return None
    params = {"value": found.params.get("name") or "y", "actual": found.params["code"]}
    return replace(found, params=params | {"expected": "…", "places": 1})


def _without_a_pass(facts: Facts) -> Diagnosis | None:
    """Right numbers that were written down, where the pass that was asked for is missing."""
    for finding in facts.wrong:
        if finding.message.id != "check.event.none":
            continue
        for check in facts.exercise.checks:
            if not isinstance(check, TensorCheck) or finding.check not in check.needs:
                continue
            node = facts.code.assigned(check.value, check.cell)
            if node is not None and _literal(node):
                params: dict[str, str | int | float] = {
                    "value": check.value,
                    "actual": said(node),
                    "expected": "…",
                    "places": 1,
                }
                return Diagnosis("typed-in-constant", 0.9, (finding.check,), params)
    return None


def _literal(node: ast.AST) -> bool:
    """Numbers and nothing that follows the inputs."""
    names = {n.id for n in nodes_of(node) if isinstance(n, ast.Name)}
    makes = calls(node) & {"tensor", "full", "ones", "zeros", "array", "linspace", "arange"}
    numbers = any(
        isinstance(n, ast.Constant) and isinstance(n.value, int | float | complex)
        for n in nodes_of(node)
    )
    return (
        numbers and names <= {"torch", "np", "numpy", "math"} and (bool(makes) or not calls(node))
    )


def _written(facts: Facts, cell: str) -> bool:
    """Whether a row of numbers stands somewhere in a cell."""
    return any(
        isinstance(node, ast.List)
        and len(node.elts) > 1
        and all(isinstance(n, ast.Constant | ast.UnaryOp) for n in node.elts)
        for node in walk(*facts.code.trees(cell))
    )


def _stays(facts: Facts, check: TensorCheck, group: list[Trial]) -> bool:
    """The very same answer each time, where another one was expected, written down as numbers."""
    first = group[0]
    if not np.isfinite(first.actual).all() or not np.any(first.actual):
        return False  # nobody writes that down: zeros are a place for what was not filled in
    if any(not alike(first.actual, trial.actual) for trial in group):
        return False
    if all(alike(first.expected, trial.expected) for trial in group):
        return False
    if not all(np.array_equal(first.actual, trial.actual, equal_nan=True) for trial in group):
        return False
    node = facts.code.answer(check)
    if node is not None and _literal(node):
        return True
    if first.right and _written(facts, check.cell):
        return True
    if first.right and not any(_computed(trial) for trial in group):
        return True
    return node is None and _written(facts, check.cell) and not any(map(_computed, group))


def _part_stays(facts: Facts, check: TensorCheck, group: list[Trial]) -> bool:
    """Right in the run and wrong with other inputs, and a row of numbers stands among its parts."""
    if not group[0].right or all(trial.right for trial in group):
        return False
    statements = (s for tree in facts.code.trees(check.cell) for s in tree.body)
    typed = {
        target.id
        for s in statements
        if isinstance(s, ast.Assign) and _literal(s.value) and _row(s.value)
        for target in s.targets
        if isinstance(target, ast.Name)
    }
    return any(
        facts.code.assigned(name) is not None and name not in group[0].inputs for name in typed
    )


def _row(node: ast.AST) -> bool:
    """Whether several numbers are listed, not all the same."""
    rows = (n.elts for n in nodes_of(node) if isinstance(n, ast.List | ast.Tuple))
    return any(len({ast.dump(n) for n in row}) > 1 for row in rows)


def _computed(trial: Trial) -> bool:
    if not np.any(trial.actual):
        return True
    return any(
        one.size == trial.actual.size and alike(one.ravel(), trial.actual.ravel())
        for event in trial.passes
        for one in given(event).values()
    )


def _one_number(facts: Facts, check: CallCheck, group: list[Trial]) -> bool:
    """One number in every place of every answer, which stands in the function."""
    numbers = {float(item) for trial in group for item in trial.actual.ravel()}
    if len(numbers) != 1 or len({float(i) for t in group for i in t.expected.ravel()}) == 1:
        return False
    written = {
        float(node.value)
        for node in walk(facts.code.answer(check))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    }
    slopes = {"backward", "grad", "jvp", "vjp", "jacrev", "jacfwd", "jacobian"}
    computed = calls(facts.code.answer(check)) & slopes
    return numbers <= written and not computed and all(t.dtype != "bool" for t in group)
