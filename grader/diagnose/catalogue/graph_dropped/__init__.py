"""`torch.tensor(...)` around tensors copied their numbers only."""

from __future__ import annotations

from grader.diagnose import unrecorded
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A result without a history, where the source says that this is the reason."""
    return unrecorded.diagnosed(facts, "graph-dropped")
