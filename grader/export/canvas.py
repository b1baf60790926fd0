"""Canvas's gradebook CSV."""

from __future__ import annotations

from collections.abc import Sequence

from grader.export import cells
from grader.export.cells import Cell
from grader.export.shared import column, highest, scaled, score
from grader.model.record import Grade


def canvas(grades: Sequence[Grade], title: str | None = None, *, percent: bool = False) -> str:
    """A file for Canvas's "Import grades".

    `title` is the assignment's column as Canvas exports it, `Autograd (4711)`; with another title
    Canvas makes a new assignment. Students are matched by ID, SIS User ID and SIS Login ID
    (`Student.ids`: `canvas`, `sis_user`, `sis_login`; the last one is the student's key where it is
    not known). Who has no mark has an empty cell, which leaves Canvas's own as it is.
    """
    most = highest(grades)
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column(grades, title)]
    points: list[Cell] = ["", "", "", "", 100 if percent else most]
    rows = [_row(grade, most, percent) for grade in grades]
    first = "    Points Possible"  # the blanks are Canvas's: they tell this row from a student
    return cells.write([header, [first, *points], *rows])


def _row(grade: Grade, most: float | None, percent: bool) -> list[Cell]:
    student = grade.student
    return [
        student.name or student.key,
        student.ids.get("canvas", ""),
        student.ids.get("sis_user", ""),
        student.ids.get("sis_login", student.key),
        student.section,
        scaled(score(grade, missing=None), grade, most, percent),
    ]
