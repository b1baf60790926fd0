"""A difference quotient from one side only, where the central one was asked for."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.diagnose.quotients import kinds
from grader.diagnose.source import helpers
from grader.diagnose.trials import told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A quotient was asked for, its numbers differ, and one of its points is x itself."""
    for finding, _, node in facts.answers(("failed",)):
        if facts.about_gradient(finding) or "one-sided" not in kinds(helpers(facts.code, node)):
            continue
        wrong = [t for t in facts.trials if not t.right and not facts.about_gradient_of(t.check)]
        wrong.sort(key=lambda trial: trial.check != finding.check)
        return told("one-sided-difference", 0.94, wrong)
    return None
