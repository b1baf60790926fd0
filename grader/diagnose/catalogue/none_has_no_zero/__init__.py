"""`.grad` was to be zeroed where it is None."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with something wrong in that cell."""
    return errors.matched(facts, "none-has-no-zero")
