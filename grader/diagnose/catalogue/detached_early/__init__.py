"""The result had lost its connection to the input before the pass."""

from __future__ import annotations

from grader.diagnose import unfilled, unrecorded
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A result without a history, where the source says that this is the reason."""
    found = unrecorded.diagnosed(facts, "detached-early")
    read = unfilled.found(facts, "detached-early")
    if found is not None or read is None:
        return found
    return Diagnosis("detached-early", 0.9, read.checks, {"code": read.node, "name": read.name})
