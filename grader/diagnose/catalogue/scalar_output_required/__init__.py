"""`backward()` without an argument on a result of more than one element."""

from __future__ import annotations

from grader.diagnose import errors, leaves
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The exception, with the root's shape; not where a leaf stands in for a result."""
    for one in errors.named(facts, "scalar-output-required"):
        roots = one.event.roots if one.event is not None else ()
        if roots and roots[0].leaf and leaves.results(facts, one.cell):
            continue
        if one.call is not None and leaves.started_from(facts, one.call, one.error.line):
            continue
        shape = str(tuple(roots[0].shape)) if roots else "(n,)"
        return Diagnosis("scalar-output-required", one.confidence, one.checks, {"shape": shape})
    return None
