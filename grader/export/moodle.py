"""Moodle's CSV for the import of grades."""

from __future__ import annotations

from collections.abc import Sequence

from grader.errors import CallError
from grader.export import cells
from grader.export.cells import Cell
from grader.export.shared import column, comments, highest, scaled, score
from grader.model.record import Grade


def moodle(
    grades: Sequence[Grade],
    title: str | None = None,
    *,
    percent: bool = False,
    as_of: str | None = None,
) -> str:
    """A file for "Grades, Import, CSV", with the headers of Moodle's own export.

    Map `Email address` (or `ID number`, the roster's; the number in the names of a download is the
    participant's in one assignment, by which Moodle finds nobody) to the user, and the last two
    columns to the assignment. Who has no mark has two empty cells, because Moodle
    drops feedback that comes without a grade. Feedback is what people wrote for the student,
    without comments on checks that the student may not see at `as_of`.

    Raises:
        CallError: a grade is over 100, which Moodle refuses.
    """
    name, most = column(grades, title), highest(grades)
    header = [
        "First name", "Surname", "ID number", "Institution", "Department", "Email address",
        f"Assignment: {name}", f"Feedback: {name}",
    ]  # fmt: skip
    return cells.write([header, *(_row(grade, most, percent, as_of) for grade in grades)])


def _row(grade: Grade, most: float | None, percent: bool, as_of: str | None) -> list[Cell]:
    student = grade.student
    value = scaled(score(grade, missing=None), grade, most, percent)
    if value is not None and value > 100:
        raise CallError(
            f"{student.key}, {grade.assignment}: expected at most 100, which is all that Moodle "
            f"takes, found {value:g}. Export percent instead: --percent"
        )
    return [
        student.first_name or ("" if student.last_name else student.name or student.key),
        student.last_name,
        student.ids.get("id_number", ""),
        "",
        "",
        student.email,
        value,
        "" if value is None else comments(grade, as_of),
    ]
