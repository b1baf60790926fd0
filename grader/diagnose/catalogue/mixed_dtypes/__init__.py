"""A product of tensors of different dtype."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with something wrong in that cell."""
    return errors.matched(facts, "mixed-dtypes")
