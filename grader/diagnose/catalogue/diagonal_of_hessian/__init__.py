"""Only the second derivatives by one variable at a time: the diagonal of the table."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.diagnose.source import calls, helpers
from grader.diagnose.trials import told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A function takes the diagonal of a table of second derivatives, and is wrong."""
    ids = [
        finding.check
        for finding, _, node in facts.answers(("failed",))
        if (used := calls(*helpers(facts.code, node))) & {"diagonal", "diag"}
        and (used & {"hessian", "grad"} or len(used & {"jacobian", "jacrev", "jacfwd"}) > 1)
    ]
    wrong = [trial for trial in facts.trials if trial.check in ids and not trial.right]
    return told("diagonal-of-hessian", 0.95, wrong)
