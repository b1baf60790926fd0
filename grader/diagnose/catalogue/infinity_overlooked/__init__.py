"""Only NaN was looked for, not infinities."""

from __future__ import annotations

from grader.diagnose.code import calls
from grader.diagnose.facts import Facts
from grader.diagnose.verdicts import verdicts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A function that is to notice useless numbers is wrong, and asks for NaN alone."""
    for verdict in verdicts(facts):
        asks = list(calls(verdict.function, "isnan"))
        if asks and not any(calls(verdict.function, "isfinite", "isinf", "isposinf", "isneginf")):
            params = {"code": verdict.cell.line(asks[0].lineno)}
            return Diagnosis("infinity-overlooked", 0.92, (verdict.check,), params)
    return None
