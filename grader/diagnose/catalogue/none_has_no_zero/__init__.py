"""`.grad` was to be zeroed where it is None."""

from __future__ import annotations

from dataclasses import replace

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with something wrong in that cell; a missing pass before it is its cause.

    Where an earlier cell stopped, it may have been that one's pass that was to fill `.grad`.
    """
    one = next(errors.named(facts, "none-has-no-zero"), None)
    if one is not None and not one.first:
        return None
    found = errors.matched(facts, "none-has-no-zero")
    missing = any(f.message.id == "check.event.none" for f in facts.wrong)
    return replace(found, confidence=0.72) if found is not None and missing else found
