"""Only one branch of the function was thought of."""

from __future__ import annotations

import ast

import numpy as np

from grader.diagnose.facts import Facts
from grader.diagnose.source import calls
from grader.diagnose.trials import by_check, ratio, same, told
from grader.model.exercise import CallCheck
from grader.model.result import Diagnosis
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """Right for some inputs, and off by one and the same factor for all the others."""
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        wrong = [trial for trial in group if not trial.right]
        if any(trial.cotangent is not None for trial in group):
            continue
        right = [trial for trial in group if trial.right and np.any(trial.expected)]
        if not isinstance(check, CallCheck) or not wrong or not right:
            continue
        factor = same(wrong, ratio)
        branches = any(
            isinstance(node, ast.If | ast.IfExp)
            for name in facts.code.given()
            for node in nodes_of(facts.code.functions()[name])
        )
        used = calls(facts.code.functions().get(check.function))
        if factor is not None and branches and not used & facts.code.given():
            return told("branch-ignored", 0.95, wrong, factor=f"{1 / factor:.4g}")
    return None
