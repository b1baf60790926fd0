"""The answer is there, under a name that no check looks at."""

from __future__ import annotations

import ast
import re

import numpy as np

from grader.diagnose import errors
from grader.diagnose.arrays import Array, alike, array, fitted
from grader.diagnose.facts import Facts, root
from grader.diagnose.passes import given
from grader.diagnose.source import reads_gradient, walk
from grader.model.exercise import TensorCheck
from grader.model.observation import CellObservation
from grader.model.result import Diagnosis

_NOTHING = (
    "check.value.absent",
    "check.value.placeholder",
    "check.value.none",
    "check.value.after_error",
)
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")


def match(facts: Facts) -> Diagnosis | None:
    """A name that is asked for holds nothing, and another one holds what belongs there."""
    asked = {check.value for check in facts.exercise.checks if isinstance(check, TensorCheck)}
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if not isinstance(check, TensorCheck) or finding.message.id not in _NOTHING:
            continue
        moment = facts.scene.moment(check.cell)
        if moment is None or check.value.endswith(".grad"):
            continue
        stopped = finding.message.id == "check.value.after_error"
        unnamed = "is not defined" in str(finding.message.params.get("text", ""))
        if finding.message.id == "check.value.none" and _reads_slope(facts, check):
            continue  # it has its name, and is empty for another reason
        spare = _spare(facts, check) if unnamed or not stopped else None
        if spare is not None:
            params = {"value": check.value, "name": spare}
            return Diagnosis("right-value-under-another-name", 0.9, (finding.check,), params)
        wanted = _wanted(facts, check, moment)
        inputs = facts.scene.inputs().values()
        for name, value in moment.names.items():
            found = array(value)
            fresh = facts.code.assigned(name, check.cell) is not None
            if name in asked or not fresh or found is None or not np.any(found):
                continue
            if any(alike(found, one) for one in inputs):
                continue
            if any(alike(fitted(found, one), one) for one in wanted):
                params = {"value": check.value, "name": name}
                return Diagnosis("right-value-under-another-name", 0.9, (finding.check,), params)
    return _undefined(facts)


def _undefined(facts: Facts) -> Diagnosis | None:
    """A cell stopped at a name that the exercise asks for, and another one is never read."""
    stop = errors.first_stop(facts)
    error = next((one.error for one in facts.cells() if one.cell == stop), None)
    missing = _UNDEFINED.search(error.text) if error is not None else None
    checks = tuple(f.check for f in facts.wrong if f.cell is not None and f.cell >= stop)
    if missing is None or not checks:
        return None
    trees = facts.code.trees()
    stored = [n for n in walk(*trees) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    read = {n.id for n in walk(*trees) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    known = {name for cell in facts.exercise.cells for name in _names(cell.source)}
    asked = (c.value for c in facts.exercise.checks if isinstance(c, TensorCheck))
    known |= {root(value) for value in asked}
    spare = {node.id for node in stored} - read - known
    if len(spare) != 1 or missing[1] not in known:
        return None
    if missing[1] in {node.id for node in stored if _plain(node, trees)}:
        return None
    params = {"value": missing[1], "name": spare.pop()}
    return Diagnosis("right-value-under-another-name", 0.88, checks, params)


def _plain(node: ast.Name, trees: tuple[ast.Module, ...]) -> bool:
    """Whether the name is given there, and not only changed (`z += 1`)."""
    changed = {id(n.target) for n in walk(*trees) if isinstance(n, ast.AugAssign)}
    return id(node) not in changed


def _reads_slope(facts: Facts, check: TensorCheck) -> bool:
    node = facts.code.answer(check)
    return node is not None and reads_gradient(node)


def _spare(facts: Facts, check: TensorCheck) -> str | None:
    """The one name of a cell that no code reads, where the name that is asked for is not given."""
    trees = facts.code.trees()
    stored = {
        n.id for n in walk(*trees) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    here = [
        target.id
        for tree in facts.code.trees(check.cell)
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    ]
    changed = {
        n.target.id
        for n in walk(*trees)
        if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)
    }
    reads = changed | {
        n.id for n in walk(*trees) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    asked = {str(getattr(one, "value", "")) for one in facts.exercise.checks}
    given = {root(name) for cell in facts.exercise.cells for name in _names(cell.source)}
    unread = [name for name in here if name not in reads | asked | given]
    return unread[0] if len(unread) == 1 and root(check.value) not in stored else None


def _names(text: str) -> list[str]:
    return re.findall(r"[A-Za-z_]\w*", text)


def _wanted(facts: Facts, check: TensorCheck, moment: CellObservation) -> list[Array]:
    """What the reference gives there; for a gradient also what the cell's own passes gave."""
    exact = facts.expectations.get(f"{facts.exercise.id}|run|{check.id}|value")
    known = None if exact is None else array(exact.exact)
    found = [] if known is None else [known]
    finding = next(one for one in facts.findings if one.check == check.id)
    if facts.about_gradient(finding):
        group = facts.scene.group(check.cell)
        events = facts.scene.events(moment.cell, since=group[0] - 1)
        found += [one for event in events for one in given(event).values() if one.any()]
    return found
