"""A difference quotient with a step that is too small or too large, whatever the precision."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.diagnose.quotients import FAR, kinds, left, steps
from grader.diagnose.trials import told
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Nothing is wrong but a number that was computed with a central quotient.

    A step with which a quotient in float64 would leave about what is expected is none of it.
    """
    trees = facts.code.trees()
    found = set(kinds(trees))
    wrong = [trial for trial in (*facts.trials, *facts.limited) if not trial.right]
    if "central" not in found or "one-sided" in found or not wrong:
        return None
    if any(not isinstance(facts.checks.get(trial.check), TensorCheck) for trial in wrong):
        return None
    if any(facts.about_gradient_of(trial.check) or trial.expected.size > 1 for trial in wrong):
        return None
    written = steps(trees)
    largest = max(float(abs(trial.expected).max()) for trial in wrong)
    if any(largest / FAR <= left(step, "float64") <= largest * FAR for step in written):
        return None
    return told("bad-step", 0.9, wrong, step=written[0] if written else "h")
