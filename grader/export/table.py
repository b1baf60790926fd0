"""The gradebook as CSV for a spreadsheet: a row a student, or a row a check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.export import cells
from grader.export.cells import Cell
from grader.export.shared import highest, moment, score
from grader.model.record import CheckMark, Grade

BOM = "\ufeff"  # by which Excel knows UTF-8


def exercises(grades: Sequence[Grade]) -> str:
    """A row a student, with the points of every exercise.

    An exercise that is not decided yet is an empty cell, and so is a mark that depends on it. Who
    handed in nothing has 0 and is called `missing`.
    """
    names = list(dict.fromkeys(e.id for g in grades if g.mark for e in g.mark.exercises))
    most = highest(grades)
    header = [
        "student", "name", "email", "section", "assignment", "attempt", "submitted_at", "status",
        *names,
        "automatic", "earned", "deducted", "late_reason", "score", "max_score", "flags",
    ]  # fmt: skip
    return BOM + cells.write([header, *(_student(grade, names, most) for grade in grades)])


def _student(grade: Grade, names: Iterable[str], most: float | None) -> list[Cell]:
    mark, attempt = grade.mark, grade.attempt
    parts = {e.id: None if e.open else e.score for e in mark.exercises} if mark else {}
    flags = "; ".join(f"{f.mark.about}: {', '.join(f.changed)}" for f in grade.flags)
    return [
        grade.student.key, grade.student.name, grade.student.email, grade.student.section,
        grade.assignment, _number(grade), moment(grade), grade.standing,
        *(parts.get(name) for name in names),
        mark.automatic if mark else None,
        mark.earned if mark and not mark.open else None,
        mark.deducted if mark and not mark.open else None,
        attempt.late_reason if attempt else "",
        score(grade, missing=0.0),
        (mark.max_score if mark else None) or most,
        flags,
    ]  # fmt: skip


def _number(grade: Grade) -> int | None:
    return None if grade.attempt is None else grade.attempt.number


def checks(grades: Sequence[Grade]) -> str:
    """A row a check of each student, with what the grader and what people said of it."""
    header = [
        "student", "name", "assignment", "attempt", "exercise", "check", "kind", "visibility",
        "status", "automatic", "score", "max_score", "decided_by", "comment", "message",
    ]  # fmt: skip
    rows = [
        _check(grade, exercise.id, check)
        for grade in grades
        if grade.mark
        for exercise in grade.mark.exercises
        for check in exercise.checks
    ]
    return BOM + cells.write([header, *rows])


def _check(grade: Grade, exercise: str, check: CheckMark) -> list[Cell]:
    decided = next((m for m in grade.manual if m.target == (exercise, check.id)), None)
    said = next(
        (
            told["message"]
            for part in (grade.body or {}).get("exercises", ())
            if part["id"] == exercise
            for told in part["checks"]
            if told["id"] == check.id
        ),
        "",
    )
    return [
        grade.student.key, grade.student.name, grade.assignment,
        _number(grade), exercise, check.id, check.kind, check.visibility,
        check.status, check.automatic, None if check.open else check.score, check.max_score,
        decided.who if decided else "", decided.comment if decided else "", said,
    ]  # fmt: skip
