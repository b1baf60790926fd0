"""One of the options was chosen, and it is not the right one."""

from __future__ import annotations

from grader.diagnose.catalogue.no_choice import given
from grader.diagnose.facts import Facts
from grader.model.exercise import ChoiceCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A choice that does not hold; the right one is not said."""
    found = [f for f in facts.wrong if f.message.id == "check.choice.wrong"]
    check = facts.checks.get(found[0].check) if found else None
    if not isinstance(check, ChoiceCheck):
        return None
    params = {"name": check.value, "given": given(facts, found[0])}
    return Diagnosis("wrong-choice", 0.8, tuple(f.check for f in found), params)
