"""The lines of the gradebook: for each student the attempt that counts, and the mark."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.gradebook.intake import attempt_of, in_order
from grader.gradebook.manual import mark_of
from grader.gradebook.marks import Target, flags, mark, standing_marks
from grader.gradebook.people import find, student_of
from grader.gradebook.results import standing
from grader.gradebook.stored import result_of
from grader.gradebook.tables import (
    AttemptRow,
    ManualMarkRow,
    ResultRow,
    SpecificationRow,
    StudentRow,
    SubmissionRow,
)
from grader.model.record import (
    Attempt,
    Attempts,
    Grade,
    ManualMark,
    Mark,
    Specification,
    Standing,
)

Decided = Mapping[Target, ManualMark]
AT_ONCE = 16  # students whose results are read at a time
FEW = 100  # students that are asked for by name; for more, all rows are read


def assignments(session: Session) -> tuple[str, ...]:
    """Ids of all assignments that the book knows, sorted."""
    handed = session.scalars(select(SubmissionRow.assignment).distinct())
    specified = session.scalars(select(SpecificationRow.assignment).distinct())
    return tuple(sorted({*handed, *specified}))


def grades(
    session: Session, assignment: str, attempts: Attempts, *, body: bool = True
) -> Iterator[Grade]:
    """Every student's line, by key, those who handed in nothing included; a few in memory.

    `latest` counts each student's latest attempt, `first` the first one; `best` the one with the
    highest mark, and of equal ones the latest. One that the grader could not decide comes before
    those that it may still surpass. Without `body` lines have none.
    """
    students = sorted(session.scalars(select(StudentRow)), key=lambda row: row.key)
    yield from _lines(session, students, assignment, attempts, body=body)


def grade(session: Session, student: str, assignment: str, attempts: Attempts) -> Grade:
    """One student's line.

    Raises:
        CallError: there is no such student.
    """
    return next(_lines(session, [find(session, student)], assignment, attempts))


def handed_in_lines(
    session: Session, assignment: str, attempts: Attempts, students: Collection[str] | None
) -> Iterator[Grade]:
    """A line, without `body`, for each attempt that counts or may: all of them for `best`."""
    query = select(StudentRow)
    if students is not None:
        query = query.where(StudentRow.key.in_(students))
    rows = sorted(session.scalars(query), key=lambda row: row.key)
    for lines in _all_lines(session, rows, assignment, attempts, body=False):
        yield from {line.attempt.submission: line for line in lines if line.attempt}.values()


def _lines(
    session: Session,
    students: Sequence[StudentRow],
    assignment: str,
    attempts: Attempts,
    *,
    body: bool = True,
) -> Iterator[Grade]:
    for lines in _all_lines(session, students, assignment, attempts, body=body):
        best = max(range(len(lines)), key=lambda at: (_worth(lines[at]), at))
        yield lines[best]


def _all_lines(
    session: Session,
    students: Sequence[StudentRow],
    assignment: str,
    attempts: Attempts,
    *,
    body: bool = True,
) -> Iterator[list[Grade]]:
    """For each student a line for every attempt that may count; one without any."""
    only = [row.id for row in students] if len(students) <= FEW else None
    handed = _attempts(session, assignment, only)
    decided = _decisions(session, assignment, only)
    versions = _specifications(session, assignment)
    for some in (students[at : at + AT_ONCE] for at in range(0, len(students), AT_ONCE)):
        counted = {row.id: _candidates(handed.get(row.id, []), attempts) for row in some}
        asked = [each.submission for those in counted.values() for each in those if each]
        stored = standing(session, asked, body=body)
        for row in some:
            decided_ = standing_marks(decided.get(row.id, ()))
            count = len(handed.get(row.id, []))
            yield [
                _line(
                    row,
                    assignment,
                    attempt,
                    None if attempt is None else stored.get(attempt.submission),
                    decided=decided_,
                    versions=versions,
                    body=body,
                    attempts=count,
                )
                for attempt in counted[row.id]
            ]
        for one in stored.values():
            session.expunge(one)


def _line(
    row: StudentRow,
    assignment: str,
    attempt: Attempt | None,
    stored: ResultRow | None,
    *,
    decided: Decided,
    versions: Mapping[str, Specification],
    body: bool,
    attempts: int,
) -> Grade:
    result = None if stored is None else result_of(stored)
    counted = mark(result, decided, 0.0 if attempt is None else attempt.late_penalty)
    version = versions.get("" if result is None else result.spec_hash)
    return Grade(
        student=student_of(row),
        assignment=assignment,
        standing=_standing(attempt, counted),
        due=None if version is None else version.due,
        title={} if version is None else version.stamp.get("assignment", {}).get("title", {}),
        attempt=attempt,
        result=result,
        body=stored.body if stored is not None and body else None,
        grader=None if stored is None else stored.grader,
        capture=None if stored is None else stored.capture_id,
        mark=counted,
        manual=tuple(decided[target] for target in sorted(decided)),
        flags=flags(decided, result, attempt),
        attempts=attempts,
    )


def _candidates(handed: Sequence[Attempt], attempts: Attempts) -> Sequence[Attempt | None]:
    counted = {"latest": handed[-1:], "first": handed[:1], "best": handed}[attempts]
    return counted or (None,)


def _worth(line: Grade) -> tuple[float, bool]:
    """What an attempt may come to, and whether that is known."""
    counted = line.mark
    if counted is None:
        return -1.0, False
    if not counted.open:
        return counted.score, True
    most = sum(part.max_score if part.open else part.score for part in counted.exercises)
    most = most or counted.max_score
    return most - most * (line.attempt.late_penalty if line.attempt else 0.0), False


def _standing(attempt: Attempt | None, counted: Mark | None) -> Standing:
    if counted is not None:
        return "not_graded" if counted.open else "graded"
    return "missing" if attempt is None else "pending"


def handed_in(session: Session, assignment: str) -> dict[str, tuple[Attempt, ...]]:
    """Student's key → attempts, the latest one last."""
    keys = {row.id: row.key for row in session.scalars(select(StudentRow))}
    return {keys[id]: tuple(mine) for id, mine in _attempts(session, assignment, None).items()}


def _attempts(
    session: Session, assignment: str, only: Sequence[int] | None
) -> dict[int, list[Attempt]]:
    """Student → attempts, the latest one last."""
    query = (
        select(AttemptRow, SubmissionRow.content)
        .join(SubmissionRow, AttemptRow.submission_id == SubmissionRow.id)
        .where(AttemptRow.assignment == assignment)
    )
    if only is not None:
        query = query.where(AttemptRow.student_id.in_(only))
    contents: dict[int, str] = {}
    mine: dict[int, list[AttemptRow]] = {}
    for row, content in session.execute(query):
        contents[row.id] = content
        mine.setdefault(row.student_id, []).append(row)
    return {
        student: [attempt_of(row, contents[row.id]) for row in in_order(rows)]
        for student, rows in mine.items()
    }


def _decisions(
    session: Session, assignment: str, only: Sequence[int] | None
) -> dict[int, tuple[ManualMark, ...]]:
    """Student → every decision, the last one last."""
    query = (
        select(ManualMarkRow, StudentRow.key)
        .join(StudentRow, StudentRow.id == ManualMarkRow.student_id)
        .where(ManualMarkRow.assignment == assignment)
        .order_by(ManualMarkRow.student_id, ManualMarkRow.id)
    )
    if only is not None:
        query = query.where(ManualMarkRow.student_id.in_(only))
    grouped = groupby(session.execute(query), key=lambda found: found[0].student_id)
    return {student: tuple(mark_of(row, key) for row, key in rows) for student, rows in grouped}


def _specifications(session: Session, assignment: str) -> dict[str, Specification]:
    """Hash → version; the one that was recorded last is under "" too."""
    rows = session.scalars(
        select(SpecificationRow)
        .where(SpecificationRow.assignment == assignment)
        .order_by(SpecificationRow.recorded_at)
    )
    versions = [Specification(row.hash, row.assignment, row.due, row.stamp) for row in rows]
    return {version.hash: version for version in versions} | (
        {"": versions[-1]} if versions else {}
    )
