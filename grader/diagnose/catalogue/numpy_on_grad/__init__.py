"""A tensor that is part of a graph was handed to NumPy or matplotlib."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with something wrong in that cell."""
    return errors.matched(facts, "numpy-on-grad")
