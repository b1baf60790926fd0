"""`backward()` without an argument on a result of more than one element."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

STEM = "grad can be implicitly created only for scalar outputs"


def match(facts: Facts) -> Diagnosis | None:
    """The exception, on a root that is the result of something, with something wrong there."""
    for trouble in facts.troubles(STEM):
        checks = facts.near(trouble.cell)
        roots = trouble.event.roots if trouble.event is not None else ()
        if not checks or (roots and roots[0].leaf):
            continue
        shape = str(tuple(roots[0].shape)) if roots else "(n,)"
        confidence = 0.9 if trouble.uncaught else 0.7
        return Diagnosis("scalar-output-required", confidence, checks, {"shape": shape})
    return None
