"""What several formats ask of a line of the gradebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from grader.errors import CallError
from grader.model.record import Grade


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


def comments(grade: Grade) -> str:
    """What people wrote for the student, by target."""
    lines = (
        f"{'/'.join(part for part in entry.target if part)}: {entry.comment}".removeprefix(": ")
        for entry in grade.manual
        if entry.comment
    )
    return "\n".join(lines)


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
