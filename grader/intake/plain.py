"""An intake as plain data, for JSON. Contents are left out; their digests are in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.intake.lateness import Lateness
from grader.model.intake import Attempt, Evidence, Intake, Student
from grader.model.submission import Message


def to_plain(
    intake: Intake,
    tell: Callable[[Message], str] | None = None,
    late: Mapping[Attempt, Lateness] | None = None,
) -> dict[str, Any]:
    """The intake as dictionaries, lists, strings and numbers (`schema: 1`).

    A message is `{"id", "params"}`, and `"text"` where somebody can `tell` it; a time is ISO 8601,
    sizes are in bytes; `latest` is the number of the attempt that counts when nothing else is said.
    What being late costs is there where `late` is given.
    """
    return _Plain(tell, late or {}).intake(intake)


@dataclass(frozen=True, slots=True)
class _Plain:
    tell: Callable[[Message], str] | None
    late: Mapping[Attempt, Lateness]

    def intake(self, intake: Intake) -> dict[str, Any]:
        return {
            "schema": 1,
            "path": intake.path,
            "kind": intake.kind,
            "evidence": [self._message(each) for each in intake.evidence],
            "students": [self._student(each, intake.of(each.id)) for each in intake.students],
            "missing": list(intake.missing),
            "conflicts": [self._message(each) for each in intake.conflicts],
            "duplicates": [
                {"sha256": same.sha256, "of": [{"student": s, "path": p} for s, p in same.of]}
                for same in intake.duplicates
            ],
            "refused": [
                {"path": each.path, "student": each.student, "reason": self._message(each.reason)}
                for each in intake.refused
            ],
            "ignored": intake.ignored,
        }

    def _message(self, message: Message) -> dict[str, Any]:
        plain: dict[str, Any] = {"id": message.id, "params": dict(message.params)}
        return plain | {"text": self.tell(message)} if self.tell else plain

    def _student(self, student: Student, attempts: tuple[Attempt, ...]) -> dict[str, Any]:
        return {
            "id": student.id,
            "name": student.name,
            "email": student.email,
            "numbers": dict(student.numbers),
            "enrolled": student.enrolled,
            "matched": student.matched,
            "identity": [_evidence(each) for each in student.identity],
            "latest": attempts[-1].number if attempts else None,
            "attempts": [self._attempt(each) for each in attempts],
        }

    def _attempt(self, attempt: Attempt) -> dict[str, Any]:
        moment = attempt.submitted
        plain = {
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
        if (cost := self.late.get(attempt)) is not None:
            plain["lateness"] = {
                "seconds": cost.by.total_seconds(),
                "percent": cost.percent,
                "reason": self._message(cost.reason),
            }
        return plain


def _evidence(item: Evidence) -> dict[str, str]:
    return {"what": item.what, "value": item.value, "source": item.source, "place": item.place}
