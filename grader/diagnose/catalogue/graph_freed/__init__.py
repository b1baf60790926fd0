"""A second pass over a graph whose saved values the first pass had freed."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

STEM = "Trying to backward through the graph a second time"


def match(facts: Facts) -> Diagnosis | None:
    """The exception, where no check asked for it, with something wrong in that cell."""
    for trouble in facts.troubles(STEM):
        checks = facts.near(trouble.cell)
        if checks:
            return Diagnosis("graph-freed", 0.9 if trouble.uncaught else 0.7, checks)
    return None
