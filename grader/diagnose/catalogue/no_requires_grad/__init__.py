"""The input did not require grad when the result was computed."""

from __future__ import annotations

from grader.diagnose import unrecorded
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A result without a history, where the source says that this is the reason."""
    return unrecorded.diagnosed(facts, "no-requires-grad")
