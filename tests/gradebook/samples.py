"""Students, submissions and results, made up and small."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from grader.gradebook import Gradebook
from grader.model.observation import Capture, CellObservation, Output, RunInfo
from grader.model.record import Attempt, HandIn, Observed, Specification, Student
from grader.model.result import Diagnosis, ExerciseResult, Finding, Result, Shown, Tolerance, Worst
from grader.model.submission import Message, Submission, SubmittedCell
from grader.model.value import array
from grader.report import DiagnosisText, exercise_status, to_json, totals

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
LI = Student("li.wei", "李伟", "伟", "李", "li@example.org", "A", {"canvas": "101"})
ANNA = Student("anna", "Анна Wang", "Анна", "Wang", "anna@example.org", "B", {"canvas": "102"})
EVE = Student("eve", '=HYPERLINK("http://x")', "＝1+1", "@sum", "eve@example.org", "A")
SPEC = Specification(
    "5f0c" * 16,
    "autograd",
    "2026-10-02",
    {"assignment": {"id": "autograd", "title": {"en": "Autograd", "zh": "自动求导"}}},
)
OTHER = replace(SPEC, hash="a1b2" * 16)
TEXTS = {"accumulated-gradient": DiagnosisText("`.grad` was added to.", "Accumulated")}
TOLERANCE = Tolerance(4.3e-6, None, "elementwise", 1.9e-6, 0.0, float("inf"), "float32")


def check(id: str, status: Any = "passed", points: float = 1.0, **more: Any) -> Finding:
    """A finding that earned all or nothing."""
    values: dict[str, Any] = {
        "kind": "tensor",
        "score": points if status == "passed" else 0.0,
        "visibility": "public",
        "message": Message("check.passed" if status == "passed" else "check.value.differs",
                           {"value": "x.grad"}),
        "title": {"en": f"The {id}"},
    }  # fmt: skip
    return Finding(check=id, status=status, max_score=points, **{**values, **more})


def exercise(
    id: str, *checks: Finding, diagnoses: Iterable[Diagnosis] = (), title: str = ""
) -> ExerciseResult:
    """An exercise whose totals are those of its checks."""
    score, most = totals(checks)
    return ExerciseResult(
        id, {"en": title or id.capitalize()}, score, most, exercise_status(checks), checks,
        tuple(diagnoses),
    )  # fmt: skip


def result(*exercises: ExerciseResult, spec: str = SPEC.hash, **more: Any) -> Result:
    """A result whose totals are those of its exercises."""
    faults = [e.id for e in exercises if e.status == "not_graded"]
    made = Result(
        assignment="autograd",
        spec_hash=spec,
        released_hash=spec,
        student=None,
        language="en",
        seed=7,
        audience="instructor",
        as_of=None,
        status="not_graded" if faults else "graded",
        reason=", ".join(faults) or None,
        score=sum(e.score for e in exercises),
        max_score=sum(e.max_score for e in exercises),
        exercises=exercises,
        run=RunInfo("completed", 1.25, 200_000_000, ("namespaces",)),
        cells=((0, "ok", 0.5),),
    )
    return replace(made, **more)


LOOPS = exercise(
    "loops",
    check("shape"),
    check(
        "gradient",
        "failed",
        2.0,
        expected=Shown("tensor", "float32", (2,), (0.5, "nan"), 2),
        actual=Shown("tensor", "complex64", (2,), ((1.0, "inf"), (2.0, 3.0)), 2),
        tolerance=TOLERANCE,
        worst=Worst((1,), float("inf")),
        cell=1,
        line=3,
    ),
    diagnoses=[Diagnosis("accumulated-gradient", 0.9, ("gradient", "varied"), {"times": 2})],
)
TWICE = exercise(
    "twice",
    check("raises", points=2.0, kind="event"),
    check("later", points=1.0, visibility="after_due"),
    check("varied", "failed", 2.0, visibility="hidden"),
)
HALF = result(LOOPS, TWICE)  # 1 of 3 and 3 of 5
FULL = result(
    exercise("loops", check("shape"), check("gradient", points=2.0)),
    exercise("twice", check("raises", points=2.0), check("later"), check("varied", points=2.0)),
)
OBSERVED = Observed(
    Submission(
        (SubmittedCell(0, "code", "x = 1\nx", exercise="loops", name="first"),),
        assignment="autograd",
        notices=(Message("notice.locked-restored", {"exercise": "loops", "cell": "first"}),),
    ),
    Capture(
        7,
        HALF.run,
        (
            CellObservation(
                0, "ok", 0.5,
                names={"x": array([1.0, float("nan"), 3.0], "float32")},
                outputs=(Output("stdout", "1\n"), Output("image", png=b"\x89PNG\x00\xff")),
            ),
        ),
    ),
)  # fmt: skip


def body(made: Result) -> dict[str, Any]:
    """The JSON of a result."""
    return to_json(made, "en", TEXTS)


def handed(student: str, data: bytes = b"{}", **more: Any) -> HandIn:
    """A notebook that was handed in at noon."""
    return HandIn(student, "autograd", "hw.ipynb", data, **{"submitted_at": NOON, **more})


def give(
    book: Gradebook, student: Student, made: Result | None, data: bytes = b"{}", **more: Any
) -> Attempt:
    """Enrol a student who hands in, and record what came of it."""
    book.enrol([student])
    attempt = book.hand_in(handed(student.key, data, **more))
    if made is not None:
        made = replace(made, student=student.key)
        book.specify(replace(SPEC, hash=made.spec_hash))
        book.record(attempt.submission, made, body(made), OBSERVED)
    return attempt


def later(hours: float) -> datetime:
    """So many hours after noon."""
    return NOON + timedelta(hours=hours)
