"""A tensor that is part of a graph was handed to NumPy or matplotlib."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

STEM = "Can't call numpy() on Tensor that requires grad"


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with something wrong in that cell."""
    for trouble in facts.troubles(STEM):
        checks = facts.near(trouble.cell)
        if checks:
            return Diagnosis("numpy-on-grad", 0.9, checks)
    return None
