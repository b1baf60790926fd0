"""The gradebook as JSON: everything about every mark, and LTI 1.3 scores for other systems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from grader.export.cells import number
from grader.export.shared import comments, highest
from grader.model.record import Grade, ManualMark, Mark

SCHEMA = 1
_PROGRESS = {
    "missing": ("Initialized", "NotReady"),
    "pending": ("Submitted", "Pending"),
    "not_graded": ("Submitted", "PendingManual"),
    "graded": ("Completed", "FullyGraded"),
}


def interchange(grades: Iterable[Grade], now: datetime, as_of: str | None = None) -> dict[str, Any]:
    """One object a student, for an instructor's eyes.

    `ags` is a score of LTI 1.3's Assignment and Grade Services
    (`application/vnd.ims.lis.v1.score+json`; `userId` is `Student.ids["lti"]`, else the key; its
    comment is for the student, who sees it at `as_of`);
    `result` the result in the form of schema 1 (`grader/report/result.schema.json`).
    """
    lines = list(grades)
    most = highest(lines)
    return {"schema": SCHEMA, "grades": [_grade(grade, now, as_of, most) for grade in lines]}


def _grade(grade: Grade, now: datetime, as_of: str | None, most: float | None) -> dict[str, Any]:
    attempt = grade.attempt
    return {
        "student": {**asdict(grade.student), "ids": dict(grade.student.ids)},
        "assignment": grade.assignment,
        "due": grade.due,
        "standing": grade.standing,
        "attempts": grade.attempts,
        "attempt": None
        if attempt is None
        else {
            "number": attempt.number,
            "content": attempt.content,
            "submitted_at": _time(attempt.submitted_at),
            "source": attempt.source,
            "late_penalty": attempt.late_penalty,
            "late_reason": attempt.late_reason,
        },
        "mark": None if grade.mark is None else _mark(grade.mark),
        "manual": [_manual(entry) for entry in grade.manual],
        "flags": [
            {"exercise": flag.mark.exercise, "check": flag.mark.check, "changed": flag.changed}
            for flag in grade.flags
        ],
        "ags": _ags(grade, now, as_of, most),
        "result": grade.body,
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "automatic": mark.automatic,
        "earned": mark.earned,
        "deducted": mark.deducted,
        "score": None if mark.open else mark.score,
        "max_score": mark.max_score,
        "exercises": [
            {
                "id": part.id,
                "automatic": part.automatic,
                "score": None if part.open else part.score,
                "max_score": part.max_score,
            }
            for part in mark.exercises
        ],
    }


def _manual(entry: ManualMark) -> dict[str, Any]:
    return {
        "exercise": entry.exercise,
        "check": entry.check,
        "points": entry.points,
        "comment": entry.comment,
        "who": entry.who,
        "why": entry.why,
        "at": _time(entry.at),
    }


def _ags(grade: Grade, now: datetime, as_of: str | None, most: float | None) -> dict[str, Any]:
    activity, grading = _PROGRESS[grade.standing]
    said: dict[str, Any] = {
        "userId": grade.student.ids.get("lti", grade.student.key),
        "activityProgress": activity,
        "gradingProgress": grading,
        "timestamp": _time(now),
        "comment": comments(grade, as_of),
    }
    if grade.standing == "graded" and grade.mark is not None:
        said["scoreGiven"] = number(grade.mark.score)
        said["scoreMaximum"] = number(grade.mark.max_score or most or grade.mark.score)
    if grade.attempt is not None and grade.attempt.submitted_at is not None:
        said["submission"] = {"submittedAt": _time(grade.attempt.submitted_at)}
    return said


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")
