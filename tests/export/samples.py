"""Lines of a gradebook with everything that goes wrong in other people's formats."""

from __future__ import annotations

from dataclasses import replace

from grader.gradebook import mark
from grader.gradebook.marks import flags
from grader.model.record import Attempt, Grade, Judged, ManualMark, Student
from tests.gradebook.samples import ANNA, EVE, HALF, LI, NOON, SPEC, body, check, exercise, result


def line(student: Student, made, *decisions: ManualMark, **attempt) -> Grade:
    """A line as the gradebook gives it."""
    handed = Attempt(1, 1, "c0ffee", NOON, "hw.ipynb", 0.0, "")
    handed = replace(handed, **attempt)
    decided = {entry.target: entry for entry in decisions}
    counted = mark(made, decided, handed.late_penalty)
    assert counted is not None
    return Grade(
        student=student,
        assignment="autograd",
        standing="not_graded" if counted.open else "graded",
        due=SPEC.due,
        title=SPEC.stamp["assignment"]["title"],
        attempts=1,
        attempt=handed,
        result=made,
        body=body(made),
        grader="1.2.3",
        mark=counted,
        manual=decisions,
        flags=flags(decided, made, handed),
    )


def decided(exercise_: str, check_: str, points, comment: str, status: str, score: float):
    """A decision about what is there."""
    return ManualMark(
        "li.wei", "autograd", exercise_, check_, "set", points, comment, "Dr Q", "=oral exam",
        NOON, Judged("c0ffee", SPEC.hash, status, score), 1,
    )  # fmt: skip


LATE = line(
    LI,
    HALF,
    decided("loops", "gradient", 1.5, '-1 for the sign,\nsee "lecture 3"', "failed", 0.0),
    decided("twice", "", None, "好 / Хорошо", "failed", 3.0),
    decided("twice", "varied", None, "NOT-FOR-STUDENTS", "failed", 0.0),
    late_penalty=0.1,
    late_reason="one day",
)
PLAIN = line(ANNA, HALF, number=3)
FORMULAS = line(
    replace(EVE, email="=cmd|' /C calc'!A0", section="\t=1", ids={"canvas": "-103"}),
    result(exercise("loops", check("shape"), check("gradient", points=2.0))),
    decided("", "", 2.25, "@SUM(A1)", "graded", 3.0),
    submitted_at=None,
)
OPEN = line(
    Student("оля", "Оля"),
    result(exercise("loops", check("shape"), check("gradient", "needs_rerun", 2.0)),
           exercise("twice", check("raises", "undecidable", 2.0), check("later"))),
)  # fmt: skip
PENDING = replace(PLAIN, student=Student("pat"), standing="pending", result=None, mark=None,
                  body=None, grader=None)  # fmt: skip
MISSING = replace(PENDING, student=Student("Zoë"), standing="missing", attempts=0, attempt=None)
GRADES = (PLAIN, FORMULAS, LATE, OPEN, PENDING, MISSING)
