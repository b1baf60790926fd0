"""Rounded numbers were compared bit by bit."""

from __future__ import annotations

import ast

from grader.diagnose.code import called, calls, compares
from grader.diagnose.facts import Facts
from grader.diagnose.verdicts import verdicts
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A comparison function says False where True is right, and knows no tolerance."""
    for verdict in verdicts(facts):
        tolerant = any(calls(verdict.function, "isclose", "allclose", "abs", "norm"))
        if verdict.actual or tolerant:
            continue
        for node in nodes_of(verdict.function):
            if called(node, "equal", "eq") or compares(node, ast.Eq):
                params = {"code": verdict.cell.line(getattr(node, "lineno", None))}
                return Diagnosis("exact-equality", 0.92, (verdict.check,), params)
    return None
