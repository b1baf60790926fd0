"""Answers of `autograd.grad` were added up."""

from __future__ import annotations

import ast

from grader.diagnose import leaves
from grader.diagnose.code import calls, read
from grader.diagnose.facts import Facts, close
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Twice what is right, and the source adds two answers of `autograd.grad`."""
    for pair in facts.pairs():
        steps = leaves.made(facts, pair.finding)
        answers = {step.name for step in steps if any(calls(step.value, "autograd.grad"))}
        if len(answers) < 2 or not close(pair.actual, len(answers) * pair.expected):
            continue
        for step in steps:
            added = isinstance(step.value, ast.BinOp) and isinstance(step.value.op, ast.Add)
            if added and len(read(step.value) & answers) > 1:
                params = {"value": facts.called(pair.finding), "code": step.cell.line(step.line)}
                checks = (pair.finding.check,)
                return Diagnosis("grad-believed-to-accumulate", 0.95, checks, params)
    return None
