"""A tensor's method was called on a plain number, list or array."""

from __future__ import annotations

from grader.diagnose import errors
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis

_PLAIN = ("float", "int", "complex", "list", "bool", "ndarray", "float32", "float64")


def match(facts: Facts) -> Diagnosis | None:
    """`backward` was looked for in something that is no tensor any more."""
    for one in errors.named(facts, "item-has-no-graph"):
        if any(f"'{kind}' object" in one.error.text.replace("numpy.", "") for kind in _PLAIN):
            params = {"code": one.code}
            return Diagnosis("item-has-no-graph", one.confidence, one.checks, params)
    return None
