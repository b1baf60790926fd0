"""Checks that students are never shown: `after_due`, of an assignment without a due time."""

from __future__ import annotations

from collections.abc import Mapping

from grader.model.exercise import Assignment
from grader.model.record import Grade
from grader.model.submission import Message

Unseen = Mapping[tuple[str, str], float]


def of_assignment(assignment: Assignment) -> Unseen:
    """(exercise, check) → points of those that nobody is ever shown."""
    if assignment.due is not None:
        return {}
    return {
        (exercise.id, check.id): check.points
        for exercise in assignment.exercises
        for check in exercise.checks
        if check.visibility == "after_due"
    }


def of_grade(grade: Grade) -> Unseen:
    """The same of one student's result."""
    if grade.due is not None or grade.result is None:
        return {}
    return {
        (exercise.id, finding.check): finding.max_score
        for exercise in grade.result.exercises
        for finding in exercise.checks
        if finding.visibility == "after_due"
    }


def never_shown(unseen: Unseen, book: str) -> Message | None:
    """What is to be said of them, and what to do; None where there are none."""
    if not unseen:
        return None
    points = f"{sum(unseen.values()):g}"
    return Message("batch.never-shown", {"checks": len(unseen), "points": points, "book": book})
