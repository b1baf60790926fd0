"""A difference quotient with a step that is too small or too large for its precision."""

from __future__ import annotations

import ast

from grader.diagnose.facts import Facts
from grader.diagnose.quotients import kinds
from grader.diagnose.source import walk
from grader.diagnose.trials import told
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Nothing is wrong but a number that was computed with a central quotient."""
    trees = facts.code.trees()
    found = set(kinds(trees))
    wrong = [trial for trial in facts.trials if not trial.right]
    if "central" not in found or "one-sided" in found or not wrong:
        return None
    if any(not isinstance(facts.checks.get(trial.check), TensorCheck) for trial in wrong):
        return None
    if any(facts.about_gradient_of(trial.check) or trial.expected.size > 1 for trial in wrong):
        return None
    steps = sorted(
        {
            float(node.value)
            for node in walk(*trees)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, float)
            and 0 < node.value < 0.5
        }
    )
    return told("bad-step", 0.9, wrong, step=steps[0] if steps else "h")
