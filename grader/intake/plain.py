"""An intake as plain data, for JSON. Contents are left out; their digests are in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.model.intake import Attempt, Evidence, Intake, Student
from grader.model.submission import Message


def to_plain(intake: Intake, tell: Callable[[Message], str] | None = None) -> dict[str, Any]:
    """The intake as dictionaries, lists, strings and numbers (`schema: 1`).

    A message is `{"id", "params"}`, and `"text"` where somebody can `tell` it; a time is ISO 8601;
    `latest` is the attempt that counts when nothing else is said.
    """

    def message(said: Message) -> dict[str, Any]:
        plain: dict[str, Any] = {"id": said.id, "params": dict(said.params)}
        return plain | {"text": tell(said)} if tell else plain

    return {
        "schema": 1,
        "path": intake.path,
        "kind": intake.kind,
        "evidence": [message(each) for each in intake.evidence],
        "students": [_student(student, intake) for student in intake.students],
        "missing": list(intake.missing),
        "conflicts": [message(each) for each in intake.conflicts],
        "duplicates": [
            {"sha256": same.sha256, "of": [{"student": s, "path": p} for s, p in same.of]}
            for same in intake.duplicates
        ],
        "refused": [
            {"path": r.path, "student": r.student, "reason": message(r.reason)}
            for r in intake.refused
        ],
        "ignored": intake.ignored,
    }


def _student(student: Student, intake: Intake) -> dict[str, Any]:
    attempts = intake.of(student.id)
    return {
        "id": student.id,
        "name": student.name,
        "email": student.email,
        "numbers": dict(student.numbers),
        "enrolled": student.enrolled,
        "identity": [_evidence(item) for item in student.identity],
        "latest": attempts[-1].number if attempts else None,
        "attempts": [_attempt(attempt) for attempt in attempts],
    }


def _evidence(item: Evidence) -> dict[str, str]:
    return {"what": item.what, "value": item.value, "source": item.source, "place": item.place}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    moment = attempt.submitted
    return {
        "number": attempt.number,
        "path": attempt.path,
        "name": attempt.name,
        "size": attempt.size,
        "sha256": attempt.sha256,
        "submitted": moment and {"time": moment.time.isoformat(), "source": moment.source},
        "late": attempt.late,
        "companions": [{"name": c.name, "size": c.source.size} for c in attempt.companions],
        "shared_with": list(attempt.shared_with),
    }
