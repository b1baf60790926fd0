"""A leaf was changed in place while operations were recorded."""

from __future__ import annotations

from grader.diagnose import errors, leaves
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, about the leaf itself or about an element of it (`x[0] = …`)."""
    for one in errors.named(facts, "in-place-on-leaf"):
        if "view of" not in one.error.text or leaves.changed_in(facts, one.cell, one.error.line):
            params = {"code": one.code}
            return Diagnosis("in-place-on-leaf", one.confidence, one.checks, params)
    return None
