"""A question was answered by none of the options."""

from __future__ import annotations

import ast

from grader.diagnose.code import assigned, shown, written
from grader.diagnose.facts import Facts
from grader.model.exercise import ChoiceCheck
from grader.model.result import Diagnosis, Finding

_NONE = ("check.choice.invalid", "check.value.placeholder", "check.value.none")


def match(facts: Facts) -> Diagnosis | None:
    """A choice that cannot be read."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if isinstance(check, ChoiceCheck) and finding.message.id in _NONE:
            options = ", ".join(f'"{option}"' for option in check.options)
            params = {
                "name": check.value,
                "given": given(facts, finding),
                "options": options,
                "first": check.options[0],
            }
            return Diagnosis("no-choice", 0.8, (finding.check,), params)
    return None


def given(facts: Facts, finding: Finding) -> str:
    """What the student assigned, as a line of code."""
    check = facts.checks.get(finding.check)
    name = check.value if isinstance(check, ChoiceCheck) else ""
    steps = [s for cell in written(facts, until=finding.cell) for s in assigned(cell.tree)]
    last = [step for step in steps if name in step.names]
    return shown(ast.unparse(last[-1].value)) if last else "..."
