"""Parameters that were hardly trained, or not where they are asked about."""

from __future__ import annotations

from grader.diagnose.facts import Facts
from grader.diagnose.source import calls
from grader.model.exercise import CallCheck, ChoiceCheck, TensorCheck
from grader.model.result import Diagnosis

_RANDOM = frozenset(
    ["randn", "rand", "normal", "uniform", "randn_like", "normal_", "uniform_", "Linear"]
)
_FEW = 20


def match(facts: Facts) -> Diagnosis | None:
    """Random numbers to begin with, few passes over them, and a result that is far off."""
    if not calls(*facts.code.trees()) & _RANDOM:
        return None
    ids = [
        finding.check
        for finding in facts.findings
        if finding.status in ("failed", "skipped")
        and isinstance(check := facts.checks.get(finding.check), TensorCheck)
        and check.expect is not None
        and not facts.about_gradient(finding)
        and any(
            not trial.right
            for trial in (*facts.trials, *facts.limited)
            if trial.check == finding.check
        )
    ]
    steps = len([one for one in facts.passes() if _large(one.event.leaves)])
    # Where a function of the student's is wrong, something else was trained.
    other = any(isinstance(facts.checks.get(f.check), CallCheck) for f in facts.wrong)
    if not ids or steps > _FEW or other:
        return None
    more = [
        finding.check
        for finding in facts.wrong
        if finding.check not in ids and not isinstance(facts.checks.get(finding.check), ChoiceCheck)
    ]
    return Diagnosis("untrained", 0.8, (*more, *ids), {"passes": steps})


def _large(leaves: tuple[object, ...]) -> bool:
    return bool(leaves)
