"""What an audience may see of a result.

For a student, a check that is hidden, or `after_due` before the due time, is absent: no row, no
points, no mention by a check that waited for it. Statuses and totals are those of the visible
checks (3 of 5 beside three visible passes would tell of two hidden ones). So are diagnoses: each
was made from what is visible alone, since what is named, how surely and with which numbers would
tell of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from grader.model.exercise import Visibility
from grader.model.result import Audience, ExerciseResult, ExerciseStatus, Finding, Result
from grader.model.submission import Message
from grader.model.times import end, moment

Stage = Literal["public", "after_due"]
STAGES: Mapping[str, frozenset[Visibility]] = {
    "public": frozenset({"public"}),
    "after_due": frozenset({"public", "after_due"}),
}
COARSE = "check.value.coarse"
WITHHELD = Message("check.skipped.earlier")


def for_audience(result: Result, audience: Audience, as_of: str | None, due: str | None) -> Result:
    """`result` as `audience` may see it at `as_of`; both times are ISO 8601, UTC where unmarked.

    A `due` that is only a date lasts until the end of that day. Without a due time, or without
    `as_of`, `after_due` checks stay absent.

    Raises:
        CallError: a time cannot be read.
    """
    if audience == "instructor":
        return replace(result, audience=audience, as_of=as_of)
    stage: Stage = "after_due" if _over(as_of, due) else "public"
    exercises = tuple(_exercise(exercise, stage) for exercise in result.exercises)
    return replace(
        result,
        audience=audience,
        as_of=as_of,
        reason=None,
        exercises=exercises,
        score=sum(exercise.score for exercise in exercises),
        max_score=sum(exercise.max_score for exercise in exercises),
    )


def totals(checks: Iterable[Finding]) -> tuple[float, float]:
    """Score and highest score of `checks`; an undecidable one counts neither for nor against.

    Unless it was the student who chose a dtype too coarse to tell: then its points still count.
    """
    counted = [check for check in checks if not _open(check)]
    return sum(check.score for check in counted), sum(check.max_score for check in counted)


def exercise_status(checks: Sequence[Finding]) -> ExerciseStatus:
    """The status of an exercise with these checks; `not_graded` where there is none to go by."""
    statuses = {check.status for check in checks if not _open(check)}
    if not statuses or statuses & {"error", "needs_rerun"}:
        return "not_graded"
    counted = {c.status for c in checks if c.max_score > 0 and not _open(c)} or statuses
    if counted == {"passed"}:
        return "passed"
    undecided = "undecidable" in statuses and "failed" not in statuses
    if undecided or any(check.score > 0 for check in checks):
        return "partial"
    return "missing" if "missing" in statuses <= {"missing", "skipped"} else "failed"


def _open(check: Finding) -> bool:
    return check.status == "undecidable" and check.message.id != COARSE


def _exercise(exercise: ExerciseResult, stage: Stage) -> ExerciseResult:
    seen = [check for check in exercise.checks if check.visibility in STAGES[stage]]
    names = {check.check for check in seen}
    absent = {check.check for check in exercise.checks} - names
    checks = tuple(_discreet(check, absent) for check in seen)
    score, max_score = totals(checks)
    return replace(
        exercise,
        checks=checks,
        diagnoses=exercise.for_students.get(stage, ()) if absent else exercise.diagnoses,
        for_students={},
        score=score,
        max_score=max_score,
        status=exercise_status(checks),
    )


def _discreet(check: Finding, absent: set[str]) -> Finding:
    """`check` without a word of checks that its reader may not know of."""
    told = (value for value in check.message.params.values() if isinstance(value, str))
    named = {part.strip(" `'\"") for value in told for part in value.split(",")}
    if check.status == "skipped" and named & absent:
        return replace(check, message=WITHHELD)
    return check


def _over(as_of: str | None, due: str | None) -> bool:
    if as_of is None or due is None:
        return False
    return moment(as_of) >= end(due)
