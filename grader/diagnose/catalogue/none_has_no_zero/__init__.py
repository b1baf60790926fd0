"""`.grad` was to be zeroed where it is None."""

from __future__ import annotations

from dataclasses import replace

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with something wrong in that cell; a missing pass before it is its cause."""
    found = errors.matched(facts, "none-has-no-zero")
    missing = any(f.message.id == "check.event.none" for f in facts.wrong)
    return replace(found, confidence=0.72) if found is not None and missing else found
