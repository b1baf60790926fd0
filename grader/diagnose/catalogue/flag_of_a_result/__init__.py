"""The flag `requires_grad` of a result was to be changed."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with something wrong in that cell."""
    return errors.matched(facts, "flag-of-a-result")
