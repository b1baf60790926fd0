"""`isclose` where bit by bit was asked for."""

from __future__ import annotations

from grader.diagnose import leaves
from grader.diagnose.code import calls
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Truth values are wrong, and were made by a comparison with a tolerance."""
    for pair in facts.pairs():
        actual = pair.finding.actual
        if actual is None or actual.dtype != "bool" or not (pair.actual >= pair.expected).all():
            continue
        for step in leaves.made(facts, pair.finding):
            for call in calls(step.value, "isclose", "allclose"):
                params = {"code": step.cell.line(call.lineno)}
                return Diagnosis("tolerance-for-equality", 0.95, (pair.finding.check,), params)
    return None
