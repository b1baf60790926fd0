"""The weights went into the function, not into the argument of `backward`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.diagnose.arrays import Array, alike, array, short
from grader.diagnose.code import origins, written
from grader.diagnose.facts import Facts, numbers
from grader.diagnose.passes import given
from grader.diagnose.unrecorded import roots
from grader.model.exercise import EventCheck, TensorCheck
from grader.model.observation import Event
from grader.model.result import Diagnosis, Finding
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A pass without an argument where one was asked for, over something that was weighted."""
    found = [
        finding
        for finding in facts.findings
        if finding.status == "failed"
        and isinstance(check := facts.checks.get(finding.check), EventCheck)
        and check.gradient is not None
        and finding.message.params.get("value") == "gradient"
        and (events := _events(facts, finding))
        and all(gradient is None for event in events for gradient in event.gradients)
        and _weighted(facts, finding, events)
    ]
    if not found:
        return None
    shown = found[0].expected
    wanted = None if shown is None else numbers(shown)
    ids = tuple(finding.check for finding in found)
    params = {"wanted": "v" if wanted is None else short(wanted)}
    return Diagnosis("argument-not-used", 0.95, ids, params)


def _events(facts: Facts, finding: Finding) -> list[Event]:
    check = facts.checks[finding.check]
    selector = facts.exercise.events.get(check.event) if isinstance(check, EventCheck) else None
    cells = facts.scene.group(selector.cell) if selector is not None and selector.cell else ()
    return [p.event for p in facts.passes() if p.cell in cells and p.event.error is None]


def _weighted(facts: Facts, finding: Finding, events: list[Event]) -> bool:
    """Whether a pass gave what the weights make of it, or a weight is a factor of what it began at.

    What was weighted after the pass, or by several passes, had no weights in the function.
    """
    gave = [one for event in events for one in given(event).values()]
    wanted = _wanted(facts, finding)
    if any(alike(one, other) for one in gave for other in wanted.values()):
        return True
    wrong = [t for t in facts.trials if t.check in wanted and t.label == "run" and not t.right]
    number = _number(finding)
    after = number is not None and any(alike(t.actual * number, t.expected) for t in wrong)
    return bool(wrong) and not after and _stands_in_root(facts, events, number)


def _wanted(facts: Facts, finding: Finding) -> dict[str, Array]:
    """What was expected of the gradients that such a pass gives, by check."""
    asked = facts.checks[finding.check]
    selector = facts.exercise.events.get(asked.event) if isinstance(asked, EventCheck) else None
    found: dict[str, Array] = {}
    for check in facts.exercise.checks:
        if not isinstance(check, TensorCheck) or selector is None:
            continue
        here = check.cell == selector.cell and facts.about_gradient_of(check.id)
        answer = facts.expectations.get(f"{facts.exercise.id}|run|{check.id}|value")
        if (here or finding.check in check.needs) and answer is not None:
            exact = array(answer.exact)
            if exact is not None:
                found[check.id] = exact
    return found


def _stands_in_root(facts: Facts, events: list[Event], number: float | None) -> bool:
    """Whether the weight, a number, is a factor somewhere in what the passes started from."""
    lines = {(made.cell, made.event.line) for made in facts.passes() if made.event in events}
    for cell, line in lines:
        cells = written(facts, until=cell)
        for root in roots(cells[-1].tree, line) if cells and cells[-1].cell == cell else ():
            for step in origins(cells, root, root.lineno + 1):
                if any(value == number for value in _factors(step.value)):
                    return True
    return False


def _factors(tree: ast.AST) -> Iterator[int | float]:
    """The numbers that stand in products: exponents and terms are no weights."""
    for node in nodes_of(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            for side in (node.left, node.right):
                if isinstance(side, ast.Constant) and isinstance(side.value, int | float):
                    yield side.value


def _number(finding: Finding) -> float | None:
    values = finding.expected.values if finding.expected is not None else ()
    return float(values[0]) if len(values) == 1 and isinstance(values[0], int | float) else None
