"""What algebra says was written down where the computer was to be asked."""

from __future__ import annotations

import ast

from grader.diagnose import leaves
from grader.diagnose.arrays import short
from grader.diagnose.code import read
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis, Finding
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A wrong truth value or whole number that the student's code computes from nothing."""
    found = [pair for pair in facts.pairs() if _typed(facts, pair.finding)]
    if not found:
        return None
    value = facts.called(found[0].finding)
    actual = found[0].finding.actual
    said = short(found[0].actual) if found[0].actual.size > 1 else f"{found[0].actual[0]:g}"
    if actual is not None and actual.dtype == "bool" and found[0].actual.all():
        said = "True"
    params = {"value": value, "actual": said}
    return Diagnosis("algebra-trusted", 0.97, tuple(p.finding.check for p in found), params)


def _typed(facts: Facts, finding: Finding) -> bool:
    """Whether the value is a constant: True in all places, or one whole number."""
    actual, steps = finding.actual, leaves.made(facts, finding)
    if actual is None or finding.message.id != "check.value.differs":
        return False
    whole = actual.dtype == "int64" and len(actual.values) == 1
    if not (whole or (actual.dtype == "bool" and all(actual.values))):
        return False
    if len(steps) != 2 or any(
        isinstance(n, ast.List | ast.Tuple) for n in nodes_of(steps[1].value)
    ):
        return False
    return not read(steps[1].value) - {"torch", "np", "numpy"}
