"""Every number has the other sign."""

from __future__ import annotations

from grader.diagnose.facts import Facts, close
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The answer is minus what is expected, in every place."""
    found = [pair for pair in facts.pairs() if close(pair.actual, -pair.expected)]
    if not found:
        return None
    checks = tuple(pair.finding.check for pair in found)
    params = {"value": facts.called(found[0].finding), **found[0].numbers()}
    return Diagnosis("sign-flipped", 0.85, checks, params)
