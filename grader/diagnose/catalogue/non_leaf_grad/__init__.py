"""PyTorch warned that `.grad` of a result was read."""

from __future__ import annotations

from grader.diagnose import leaves
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

STEM = "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed"


def match(facts: Facts) -> Diagnosis | None:
    """The warning, beside something wrong, where no gradient that was asked for was read so."""
    if any(leaves.is_result(o.value) for f in facts.wrong if (o := leaves.owner(facts, f))):
        return None
    for cell in facts.cells():
        checks = facts.near(cell.cell)
        if checks and any(STEM in warning.text for warning in cell.warnings):
            return Diagnosis("non-leaf-grad", 0.5, checks)
    return None
