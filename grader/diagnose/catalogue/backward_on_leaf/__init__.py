"""`x.backward()` on the input, where `y.backward()` on the result was meant."""

from __future__ import annotations

from grader.diagnose import errors, leaves
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A pass whose roots are leaves, where the student has a result and something is wrong."""
    for made in facts.passes():
        event = made.event
        roots = [root for root in event.roots if root.leaf and root.requires_grad]
        if event.api != "backward" or not roots or len(roots) != len(event.roots):
            continue
        later = (f.check for f in facts.wrong if f.cell is not None and f.cell >= made.cell)
        checks = facts.near(made.cell) or tuple(later)
        if checks and leaves.results(facts, made.cell):
            names = facts.names(made.cell).items()
            name = next((n for n, v in names if v.id is not None and v.id == roots[0].id), "x")
            return Diagnosis("backward-on-leaf", 0.95, checks, {"name": name})
    for one in errors.named(facts, "scalar-output-required"):
        leaf = leaves.started_from(facts, one.call, one.error.line) if one.call else None
        if leaf is not None:
            return Diagnosis("backward-on-leaf", 0.93, one.checks, {"name": leaf})
    return None
