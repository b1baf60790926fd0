"""An infinity (or NaN) was replaced by an ordinary number."""

from __future__ import annotations

from grader.diagnose import leaves
from grader.diagnose.code import calls
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

_HIDES = ("nan_to_num", "nan_to_num_", "clamp", "clip", "clamp_")


def match(facts: Facts) -> Diagnosis | None:
    """A value that should not be finite came out of a function that makes it so."""
    for finding in facts.wrong:
        wanted = finding.expected.values if finding.expected is not None else ()
        if not any(isinstance(item, str) and item in ("inf", "-inf", "nan") for item in wanted):
            continue
        for step in leaves.made(facts, finding):
            for call in calls(step.value, *_HIDES):
                params = {"code": step.cell.line(call.lineno)}
                return Diagnosis("infinity-hidden", 0.95, (finding.check,), params)
    return None
