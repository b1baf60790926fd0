"""A view of a leaf was changed in place while operations were recorded."""

from __future__ import annotations

from grader.diagnose import errors, leaves
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, where what was changed has a name of its own."""
    for one in errors.named(facts, "in-place-on-view"):
        if not leaves.changed_in(facts, one.cell, one.error.line):
            params = {"code": one.code}
            return Diagnosis("in-place-on-view", one.confidence, one.checks, params)
    return None
