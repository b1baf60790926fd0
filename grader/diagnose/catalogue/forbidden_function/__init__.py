"""A function that the exercise rules out was used."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """What the source check found, with the student's line."""
    for finding in facts.wrong:
        if finding.message.id == "check.source.forbidden" and finding.cell is not None:
            params = {
                "name": str(finding.message.params.get("name")),
                "code": errors.line(facts, finding.cell, finding.line),
            }
            return Diagnosis("forbidden-function", 0.6, (finding.check,), params)
    return None
