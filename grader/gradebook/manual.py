"""What people decide: marks and comments, set and cleared, all of them kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf, isfinite
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.errors import CallError
from grader.gradebook.marks import WHOLE, Target, highest, judged, standing_marks
from grader.gradebook.people import find, sound
from grader.gradebook.tables import ManualMarkRow
from grader.model.record import Grade, Judged, ManualMark, spelt

LONGEST = 10_000  # characters of a comment, and of a reason


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody wants: `points` None for a comment alone."""

    action: Literal["set", "clear"]
    target: Target
    who: str
    why: str
    points: float | None = None
    comment: str = ""


def decide(session: Session, grade: Grade, wanted: Decision, now: datetime) -> ManualMark:
    """Record a decision about the attempt that counts in `grade`.

    The same decision again, about the same outcome, changes nothing.

    Raises:
        CallError: no such target; points outside 0 to its highest score; nobody named, or no
            reason; neither points nor a comment; nothing to clear.
    """
    where = f"{grade.student.key}, {spelt(grade.assignment, wanted.target)}"
    mark = ManualMark(
        student=grade.student.key,
        assignment=grade.assignment,
        exercise=wanted.target[0],
        check=wanted.target[1],
        action=wanted.action,
        points=wanted.points,
        comment=sound(wanted.comment, "a comment", LONGEST),
        who=sound(wanted.who.strip(), "who decides"),
        why=sound(wanted.why.strip(), "a reason", LONGEST),
        at=now,
        judged=_judged(grade, wanted, where),
    )
    if not mark.who or not mark.why:
        raise CallError(f"{where}: expected who decides and why, found nothing")
    before = standing_marks(history(session, mark.student, mark.assignment)).get(mark.target)
    if before is None and mark.action == "clear":
        raise CallError(f"{where}: there is no manual mark to clear")
    if before is not None and mark == replace(before, at=now, number=0):
        return before
    row = ManualMarkRow(
        student_id=find(session, mark.student).id,
        assignment=mark.assignment,
        exercise=mark.exercise,
        check=mark.check,
        action=mark.action,
        points=mark.points,
        comment=mark.comment,
        who=mark.who,
        why=mark.why,
        at=mark.at,
        judged_content=mark.judged.content,
        judged_spec=mark.judged.spec_hash,
        judged_status=mark.judged.status,
        judged_score=mark.judged.score,
    )
    session.add(row)
    session.flush()
    return replace(mark, number=row.id)


def history(session: Session, student: str, assignment: str) -> tuple[ManualMark, ...]:
    """Every decision ever made about a student's assignment, the first one first."""
    whose = find(session, student)
    rows = session.scalars(
        select(ManualMarkRow)
        .where(ManualMarkRow.student_id == whose.id, ManualMarkRow.assignment == assignment)
        .order_by(ManualMarkRow.id)
    )
    return tuple(mark_of(row, whose.key) for row in rows)


def mark_of(row: ManualMarkRow, student: str) -> ManualMark:
    """The decision in a row."""
    return ManualMark(
        student=student,
        assignment=row.assignment,
        exercise=row.exercise,
        check=row.check,
        action="clear" if row.action == "clear" else "set",
        points=row.points,
        comment=row.comment,
        who=row.who,
        why=row.why,
        at=row.at,
        judged=Judged(row.judged_content, row.judged_spec, row.judged_status, row.judged_score),
        number=row.id,
    )


def _judged(grade: Grade, wanted: Decision, where: str) -> Judged:
    """What there is to judge, when points and target are in order."""
    content = None if grade.attempt is None else grade.attempt.content
    if wanted.action == "clear":
        with suppress(CallError):  # a check that is gone is a good reason to clear its mark
            return judged(grade.result, content, wanted.target)
        return Judged(content, None, None, None)
    if grade.result is None and wanted.target != WHOLE:
        raise CallError(
            f"{where}: there is no result yet, so only the whole assignment can be marked; "
            "leave the exercise out"
        )
    seen = judged(grade.result, content, wanted.target)
    if wanted.points is None:
        if not wanted.comment:
            raise CallError(f"{where}: expected points or a comment, found neither")
        return seen
    most = highest(grade.result, wanted.target)
    limit = inf if most is None else most
    if not isfinite(wanted.points) or not 0 <= wanted.points <= limit:
        expected = "0 or more" if most is None else f"0 to {most:g}"
        raise CallError(f"{where}: expected {expected} points, found {wanted.points:g}")
    return seen
