"""Results: written once, never lost, and which of them counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, islice
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

AT_ONCE = 200  # results in one statement; databases bound a statement's parameters


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
    _specified(session, result)
    made = body if isinstance(body, Written) else written(result, body)
    row = result_row(submission, result, made, grader, now)
    kept = _kept(session, [row]).get(_identity(row))
    if kept is None:
        row.capture_id = _capture(session, submission, observed)
        _add(session, [(row, result)])
        kept = row.id
    return bool(_let_stand(session, {submission: kept}))


def _specified(session: Session, result: Result) -> None:
    known = select(SpecificationRow.hash).where(SpecificationRow.hash == result.spec_hash)
    if session.scalar(known) is None:
        raise CallError(
            f"{result.assignment}: the gradebook does not know the specification "
            f"{result.spec_hash[:12]}; it must be recorded before the results that it gave"
        )


def _identity(row: ResultRow) -> tuple[int, str, str]:
    """By what two results of one version of the grader are the same."""
    return row.submission_id, row.spec_hash, row.digest


def _kept(session: Session, rows: Sequence[ResultRow]) -> dict[tuple[int, str, str], int]:
    """The numbers of those of these results that are in the book already."""
    found = session.execute(
        select(ResultRow.submission_id, ResultRow.spec_hash, ResultRow.digest, ResultRow.id).where(
            ResultRow.submission_id.in_({row.submission_id for row in rows}),
            ResultRow.grader.in_({row.grader for row in rows}),
        )
    )
    return {(submission, spec, digest): id for submission, spec, digest, id in found}


def _add(session: Session, new: Sequence[tuple[ResultRow, Result]]) -> None:
    """Add results, with the rows by which they are queried."""
    session.add_all([row for row, _ in new])
    session.flush()
    for table, rows in ((FindingRow, finding_rows), (DiagnosisRow, diagnosis_rows)):
        if told := [each for row, result in new for each in rows(result, row.id)]:
            session.execute(insert(table), told)


def _let_stand(session: Session, chosen: Mapping[int, int]) -> int:
    """Let results count for their submissions; how many did not do so before."""
    query = select(StandingRow).where(StandingRow.submission_id.in_(chosen))
    standing = {row.submission_id: row for row in session.scalars(query)}
    changed = 0
    for submission, result in chosen.items():
        if submission not in standing:
            session.add(StandingRow(submission_id=submission, result_id=result))
        elif standing[submission].result_id == result:
            continue
        else:
            standing[submission].result_id = result
        changed += 1
    return changed


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

    Raises:
        CallError: a specification is not in the book.
    """
    moved: list[str] = []
    judged = iter([(each, each.after, made) for each, made in found if each.after and made])
    while group := [*islice(judged, AT_ONCE)]:
        before = _standing_for(session, [each.submission for each, _, _ in group])
        rows: list[tuple[ResultRow, Result]] = []
        for each, result, made in group:
            if before.get(each.submission) != (*each.before, each.capture):
                moved.append(each.student)
                continue
            row = result_row(each.submission, result, made, grader, now)
            row.capture_id = each.capture
            rows.append((row, result))
        for result in {result.spec_hash: result for _, result in rows}.values():
            _specified(session, result)
        kept = _kept(session, [row for row, _ in rows])
        new = [(row, result) for row, result in rows if _identity(row) not in kept]
        _add(session, new)
        kept |= {_identity(row): row.id for row, _ in new}
        _let_stand(session, {row.submission_id: kept[_identity(row)] for row, _ in rows})
    return tuple(moved)


def _standing_for(
    session: Session, submissions: Collection[int]
) -> dict[int, tuple[str, str, int | None]]:
    """Submission → the specification, the grader and the capture of the result that counts."""
    rows = session.execute(
        select(
            StandingRow.submission_id, ResultRow.spec_hash, ResultRow.grader, ResultRow.capture_id
        )
        .join(ResultRow, StandingRow.result_id == ResultRow.id)
        .where(StandingRow.submission_id.in_(submissions))
    )
    return {submission: (spec, version, capture) for submission, spec, version, capture in rows}


def _capture(session: Session, submission: int, observed: Observed | int | None) -> int | None:
    if isinstance(observed, int):
        if submission != session.scalar(
            select(CaptureRow.submission_id).where(CaptureRow.id == observed)
        ):
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


def standing(
    session: Session, submissions: Collection[int], *, body: bool = True
) -> dict[int, ResultRow]:
    """Submission → the result that counts; without `body` its JSON is read when asked for."""
    query = (
        select(ResultRow)
        .join(StandingRow, StandingRow.result_id == ResultRow.id)
        .where(StandingRow.submission_id.in_(submissions))
    )
    rows = session.scalars(query if body else query.options(defer(ResultRow.body)))
    return {row.submission_id: row for row in rows}


def observed(session: Session, submission: int) -> Observed | None:
    """What the run showed from which the standing result was made; None where it was not kept."""
    row = standing(session, [submission], body=False).get(submission)
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
