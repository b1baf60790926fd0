"""A second pass over a graph whose saved values the first pass had freed."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, where no check asked for it, with something wrong in that cell."""
    return errors.matched(facts, "graph-freed")
