"""The CSV that `nbgrader export` writes."""

from __future__ import annotations

from collections.abc import Sequence

from grader.export import cells
from grader.export.cells import Cell
from grader.export.shared import highest, moment, score
from grader.model.record import Grade


def nbgrader(grades: Sequence[Grade]) -> str:
    """nbgrader's columns; as there, who handed in nothing has 0 and no timestamp.

    A mark that is not known yet is an empty cell.
    """
    header = [
        "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
        "raw_score", "late_submission_penalty", "score", "max_score",
    ]  # fmt: skip
    most = highest(grades)
    return cells.write([header, *(_row(grade, most) for grade in grades)])


def _row(grade: Grade, most: float | None) -> list[Cell]:
    student, mark = grade.student, grade.mark
    value = score(grade, missing=0.0)
    raw, late = (mark.earned, mark.deducted) if mark else (value, value)
    return [
        grade.assignment,
        grade.due or "",
        moment(grade),
        student.key,
        student.last_name,
        student.first_name,
        student.email,
        None if value is None else raw,
        None if value is None else late,
        value,
        (mark.max_score if mark and mark.max_score else most),
    ]
