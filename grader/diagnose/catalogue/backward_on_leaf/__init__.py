"""`x.backward()` on the input, where `y.backward()` on the result was meant."""

from __future__ import annotations

import ast

from grader.diagnose import errors, leaves
from grader.diagnose.code import assigned, read, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


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
            name = next((n for n, v in names if v.id is not None and v.id == roots[0].id), None)
            if name is not None and not _of_result(facts, made.cell, name):
                return Diagnosis("backward-on-leaf", 0.95, checks, {"name": name})
    for one in errors.named(facts, "scalar-output-required"):
        leaf = leaves.started_from(facts, one.call, one.error.line) if one.call else None
        if leaf is not None:
            return Diagnosis("backward-on-leaf", 0.93, one.checks, {"name": leaf})
    return None


def _of_result(facts: Facts, cell: int, name: str) -> bool:
    """Whether the student made the leaf of something computed: a copy of a result is no input."""
    known = facts.names(cell)
    computed = set(leaves.results(facts, cell))
    steps = [one for tree in written(facts, until=cell) for one in assigned(tree.tree)]
    for step in steps:
        sums = (node for node in nodes_of(step.value) if isinstance(node, ast.BinOp))
        if name in step.names and (
            read(step.value) & computed or any(read(one) & known.keys() for one in sums)
        ):
            return True
    return False
