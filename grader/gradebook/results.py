"""Results: written once, never lost, and which of them counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, defer

from grader.errors import CallError, InternalError
from grader.gradebook.regrade import Regraded
from grader.gradebook.stored import (
    Written,
    capture_row,
    diagnosis_rows,
    finding_rows,
    observed_of,
    result_of,
    result_row,
    written,
)
from grader.gradebook.tables import (
    CaptureRow,
    DiagnosisRow,
    FindingRow,
    ResultRow,
    SpecificationRow,
    StandingRow,
    StudentRow,
    SubmissionRow,
)
from grader.model.record import Key, Observed, Rerun, Specification, Work
from grader.model.result import Result
from grader.report.inert import one_line


def specify(session: Session, given: Specification, now: datetime) -> None:
    """Keep a version of an assignment; the hash says which, so an earlier one stays as it was."""
    if session.get(SpecificationRow, given.hash) is None:
        session.add(
            SpecificationRow(
                hash=given.hash,
                assignment=given.assignment,
                due=given.due,
                stamp=dict(given.stamp),
                recorded_at=now,
            )
        )


def record(
    session: Session,
    submission: int,
    result: Result,
    body: Mapping[str, Any] | Written,
    *,
    observed: Observed | int | None,
    grader: str,
    now: datetime,
) -> bool:
    """Keep a result and let it stand. The same one again changes nothing.

    Returns:
        Whether anything changed.

    Raises:
        CallError: the specification is not in the book.
        InternalError: there is no such submission, or it answers another assignment.
    """
    whose = session.get(SubmissionRow, submission)
    if whose is None or whose.assignment != result.assignment:
        raise InternalError(f"submission {submission} does not answer {result.assignment}")
    if session.get(SpecificationRow, result.spec_hash) is None:
        raise CallError(
            f"{result.assignment}: the gradebook does not know the specification "
            f"{result.spec_hash[:12]}; it must be recorded before the results that it gave"
        )
    made = body if isinstance(body, Written) else written(result, body)
    new = result_row(result, made, grader)
    row = session.scalars(
        select(ResultRow).where(
            ResultRow.submission_id == submission,
            ResultRow.spec_hash == new.spec_hash,
            ResultRow.grader == grader,
            ResultRow.digest == new.digest,
        )
    ).one_or_none()
    if row is None:
        row = new
        row.submission_id = submission
        row.recorded_at = now
        row.capture_id = _capture(session, submission, observed)
        session.add(row)
        session.flush()
        if findings := finding_rows(result, row.id):
            session.execute(insert(FindingRow), findings)
        if diagnoses := diagnosis_rows(result, row.id):
            session.execute(insert(DiagnosisRow), diagnoses)
    standing = session.get(StandingRow, submission)
    if standing is not None and standing.result_id == row.id:
        return False
    if standing is None:
        session.add(StandingRow(submission_id=submission, result_id=row.id))
    else:
        standing.result_id = row.id
    return True


def record_regraded(
    session: Session,
    found: Iterable[tuple[Regraded, Written | None]],
    *,
    grader: str,
    now: datetime,
) -> tuple[str, ...]:
    """Keep what re-checks came to. A result that is no longer the one looked at stays.

    Returns:
        Whose results these are.
    """
    moved = []
    for regraded, made in found:
        if regraded.after is None or made is None:
            continue
        row = session.execute(
            select(ResultRow.spec_hash, ResultRow.grader, ResultRow.capture_id)
            .join(StandingRow, StandingRow.result_id == ResultRow.id)
            .where(StandingRow.submission_id == regraded.submission)
        ).one_or_none()
        if row is None or tuple(row) != (*regraded.before, regraded.capture):
            moved.append(regraded.student)
            continue
        record(
            session, regraded.submission, regraded.after, made,
            observed=regraded.capture, grader=grader, now=now,
        )  # fmt: skip
    return tuple(moved)


def _capture(session: Session, submission: int, observed: Observed | int | None) -> int | None:
    if isinstance(observed, int):
        kept = session.get(CaptureRow, observed)
        if kept is None or kept.submission_id != submission:
            raise InternalError(f"capture {observed} is not one of submission {submission}")
        return observed
    if observed is None:
        return None
    row = capture_row(observed)
    if row is None:
        return None
    found = session.scalars(
        select(CaptureRow.id).where(
            CaptureRow.submission_id == submission, CaptureRow.digest == row.digest
        )
    ).one_or_none()
    if found is not None:
        return found
    row.submission_id = submission
    session.add(row)
    session.flush()
    return row.id


def known(session: Session, key: Key) -> tuple[Result, Observed | None] | None:
    """A graded result of this content under this specification and grader, whoever handed it in."""
    row = _known(session, key)
    return None if row is None else (result_of(row), capture(session, row.capture_id))


def _known(session: Session, key: Key) -> ResultRow | None:
    return session.scalars(
        select(ResultRow)
        .join(SubmissionRow, SubmissionRow.id == ResultRow.submission_id)
        .where(
            SubmissionRow.content == key.content,
            ResultRow.spec_hash == key.spec_hash,
            ResultRow.grader == key.grader,
            ResultRow.status == "graded",
        )
        .order_by(ResultRow.id)
        .limit(1)
    ).one_or_none()


def reuse(
    session: Session, works: Iterable[Work], spec_hash: str, grader: str, now: datetime
) -> tuple[Work, ...]:
    """Record for each work the graded result of its content, where there is one.

    Returns:
        Those that have one now.
    """
    done = []
    for work in works:
        row = _known(session, Key(work.content, spec_hash, grader))
        if row is None:
            continue
        observed = capture(session, row.capture_id)
        result = replace(result_of(row), student=work.student)
        body = {**row.body, "student": one_line(work.student)}
        record(session, work.submission, result, body, observed=observed, grader=grader, now=now)
        done.append(work)
    return tuple(done)


def standing(session: Session, submission: int, *, body: bool = True) -> ResultRow | None:
    """The result that counts for a submission; without `body` its JSON is read when asked for."""
    query = (
        select(ResultRow)
        .join(StandingRow, StandingRow.result_id == ResultRow.id)
        .where(StandingRow.submission_id == submission)
    )
    return session.scalars(query if body else query.options(defer(ResultRow.body))).one_or_none()


def observed(session: Session, submission: int) -> Observed | None:
    """What the run showed from which the standing result was made; None where it was not kept."""
    row = standing(session, submission)
    return None if row is None else capture(session, row.capture_id)


def capture(
    session: Session, capture: int | None, exercises: Collection[str] | None = None
) -> Observed | None:
    """What a run showed, by its number; of some exercises alone, where they are named."""
    row = None if capture is None else session.get(CaptureRow, capture)
    return None if row is None else observed_of(row, exercises)


def needs_rerun(session: Session, assignment: str) -> tuple[Rerun, ...]:
    """Submissions whose standing result has checks that their capture could not answer: which."""
    rows = session.execute(
        select(StudentRow.key, SubmissionRow.id, FindingRow.exercise, FindingRow.check)
        .join(SubmissionRow, SubmissionRow.student_id == StudentRow.id)
        .join(StandingRow, StandingRow.submission_id == SubmissionRow.id)
        .join(FindingRow, FindingRow.result_id == StandingRow.result_id)
        .where(SubmissionRow.assignment == assignment, FindingRow.status == "needs_rerun")
        .order_by(SubmissionRow.id, FindingRow.position)
    ).all()
    grouped = groupby(rows, key=lambda row: (row[0], row[1]))
    return tuple(
        Rerun(student, submission, tuple((exercise, check) for _, _, exercise, check in checks))
        for (student, submission), checks in grouped
    )
