"""What a student left as it was handed out: nothing was done there, so no mistake was made."""

from __future__ import annotations

from grader.model.exercise import (
    CallCheck,
    Check,
    ChoiceCheck,
    EventCheck,
    Exercise,
    FigureCheck,
    TensorCheck,
)
from grader.model.result import Finding
from grader.model.submission import Submission


def attempted(
    exercise: Exercise, submission: Submission, findings: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """The findings without those about cells that still are the starter's.

    A question left open stays, where something else of the exercise was answered: whoever got so
    far may not have seen it.
    """
    if submission.own_names:
        return findings
    left = _left(exercise, submission)
    mine = [
        cell
        for cell in submission.cells
        if cell.kind == "code" and not cell.locked and cell.exercise == exercise.id
    ]
    begun = any((cell.name or "") not in left for cell in mine)
    checks = {check.id: check for check in exercise.checks}
    return tuple(
        finding
        for finding in findings
        if finding.status == "passed"
        or (begun and _tried(exercise, checks.get(finding.check), left))
    )


def _tried(exercise: Exercise, check: Check | None, left: set[str]) -> bool:
    return isinstance(check, ChoiceCheck) or _where(exercise, check) not in left


def _left(exercise: Exercise, submission: Submission) -> set[str]:
    """The names of the cells to fill in of which every one is as it was."""
    starter = {cell.name: cell.source.strip() for cell in exercise.cells}
    same: dict[str, bool] = {}
    for cell in submission.cells:
        if cell.kind == "code" and not cell.locked and cell.exercise == exercise.id:
            name = cell.name or ""
            same[name] = same.get(name, True) and cell.source.strip() == starter.get(name)
    return {name for name, is_ in same.items() if is_}


def _where(exercise: Exercise, check: Check | None) -> str | None:
    """The cell that a check looks at, where it looks at one."""
    if isinstance(check, TensorCheck | CallCheck | FigureCheck):
        return check.cell
    if isinstance(check, EventCheck):
        selector = exercise.events.get(check.event)
        return selector.cell if selector is not None else None
    return None
