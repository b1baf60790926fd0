"""What several formats ask of a line of the gradebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from grader.errors import CallError
from grader.model.record import Grade
from grader.model.result import Result
from grader.model.submission import Message
from grader.report import for_audience
from grader.report.inert import visible
from grader.report.texts import title


def score(grade: Grade, *, missing: float | None) -> float | None:
    """The mark that counts; None where there is none yet, `missing` without an attempt."""
    if grade.standing == "missing":
        return missing
    return None if grade.mark is None or grade.mark.open else grade.mark.score


def highest(grades: Sequence[Grade]) -> float | None:
    """The highest score that anybody could have; None where nothing was graded."""
    return max((g.mark.max_score for g in grades if g.mark), default=None) or None


def moment(grade: Grade) -> str:
    """When the attempt that counts came in: `2026-10-01 12:00:00` in UTC, "" where unknown."""
    if grade.attempt is None or grade.attempt.submitted_at is None:
        return ""
    return f"{grade.attempt.submitted_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def seen(grade: Grade, as_of: str | None) -> Result | None:
    """The result as the student may see it at `as_of`."""
    if grade.result is None:
        return None
    return for_audience(grade.result, "student", as_of, grade.due)


def comments(grade: Grade, as_of: str | None, language: str | None = None) -> str:
    """What people wrote for the student; nothing of checks that they may not see at `as_of`."""
    shown = seen(grade, as_of)
    spoken = language or (shown.language if shown else "en")
    names = {("", ""): ""}
    for exercise in shown.exercises if shown else ():
        about = title(exercise.title, exercise.id, spoken)
        names[exercise.id, ""] = f"{about}: "
        for check in exercise.checks:
            named = title(check.title, check.check, spoken)
            names[exercise.id, check.check] = f"{about}, {named}: "
    said = [m for m in grade.manual if m.comment and m.target in names]
    return "\n".join(f"{names[entry.target]}{visible(entry.comment)}" for entry in said)


def late(grade: Grade) -> Message | None:
    """What lateness takes, as a share: points would tell of those that are not shown."""
    if grade.attempt is None or not grade.attempt.late_penalty:
        return None
    percent = round(100 * grade.attempt.late_penalty, 4)
    params: dict[str, str | int | float] = {
        "percent": percent,
        "reason": grade.attempt.late_reason or "–",
    }
    return Message("export.late", params)


def column(grades: Sequence[Grade], given: str | None) -> str:
    """What the assignment is called in another system: as given, or by its title."""
    if given:
        return given
    for grade in grades:
        return grade.title.get("en") or next(iter(grade.title.values()), grade.assignment)
    raise CallError("expected at least one student in the gradebook, found none")


def scaled(value: float | None, grade: Grade, most: float | None, percent: bool) -> float | None:
    """Points, or percent of the highest score."""
    if value is None or not percent:
        return value
    full = (grade.mark.max_score if grade.mark else 0.0) or most
    return 100 * value / full if full else None
