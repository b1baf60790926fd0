"""What was handed in: submissions and attempts, and which of them still need a result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from grader.errors import CallError
from grader.gradebook.content import content_hash
from grader.gradebook.people import find, sound
from grader.gradebook.tables import AttemptRow, FileRow, ResultRow, StudentRow, SubmissionRow
from grader.model.record import Attempt, HandIn, Wanted, Work


def hand_in(session: Session, given: HandIn) -> Attempt:
    """Record one handing-in; the same one again changes nothing but its late penalty and reason.

    It is the same one when student, assignment and content are, and its number is (where it has
    one) or its time is.

    Raises:
        CallError: no such student; the number is taken by another content; a penalty outside
            0 to 1.
    """
    if not 0 <= given.late_penalty <= 1:
        raise CallError(
            f"late penalty of {given.student}: expected a share from 0 to 1, "
            f"found {given.late_penalty}"
        )
    student = find(session, given.student)
    submission = _submission(session, student, given)
    row = _same(session, submission, given)
    if row is None:
        row = _new(session, submission, given)
    row.late_penalty = given.late_penalty
    row.late_reason = sound(given.late_reason, "a late penalty's reason")
    session.flush()
    return attempt_of(row, submission.content)


def attempt_of(row: AttemptRow, content: str) -> Attempt:
    """The attempt in a row."""
    return Attempt(
        row.number, row.submission_id, content, row.submitted_at, row.source,
        row.late_penalty, row.late_reason,
    )  # fmt: skip


def _submission(session: Session, student: StudentRow, given: HandIn) -> SubmissionRow:
    content = content_hash(given.data, given.companions, name=given.notebook)
    found = session.scalars(
        select(SubmissionRow).where(
            SubmissionRow.student_id == student.id,
            SubmissionRow.assignment == given.assignment,
            SubmissionRow.content == content,
        )
    ).one_or_none()
    if found is not None:
        return found
    if given.notebook in given.companions:
        raise CallError(f"{given.student}: {given.notebook} is both the notebook and a companion")
    row = SubmissionRow(
        student_id=student.id,
        assignment=sound(given.assignment, "an assignment's id"),
        content=content,
        notebook=sound(given.notebook, f"the name of a file of {given.student}"),
    )
    session.add(row)
    session.flush()
    for name, data in {given.notebook: given.data, **given.companions}.items():
        legal = sound(name, f"the name of a file of {given.student}")
        session.add(FileRow(submission_id=row.id, name=legal, data=data))
    return row


def _same(session: Session, submission: SubmissionRow, given: HandIn) -> AttemptRow | None:
    attempts = session.scalars(
        select(AttemptRow)
        .where(AttemptRow.submission_id == submission.id)
        .order_by(AttemptRow.number)
    ).all()
    if given.number is not None:
        return next((row for row in attempts if row.number == given.number), None)
    return next((row for row in attempts if row.submitted_at == given.submitted_at), None)


def _new(session: Session, submission: SubmissionRow, given: HandIn) -> AttemptRow:
    mine = and_(
        AttemptRow.student_id == submission.student_id,
        AttemptRow.assignment == submission.assignment,
    )
    number = given.number
    if number is None:
        number = (session.scalar(select(func.max(AttemptRow.number)).where(mine)) or 0) + 1
    elif session.scalar(select(exists().where(mine, AttemptRow.number == number))):
        raise CallError(
            f"attempt {number} of {given.student} at {given.assignment}: expected the notebook "
            f"that was recorded under this number, found another ({given.source or given.notebook})"
            ". Leave the number out, and it becomes a further attempt."
        )
    row = AttemptRow(
        submission_id=submission.id,
        student_id=submission.student_id,
        assignment=submission.assignment,
        number=number,
        submitted_at=given.submitted_at,
        source=sound(given.source, "where an attempt came from"),
    )
    session.add(row)
    return row


def in_order(attempts: Iterable[AttemptRow]) -> list[AttemptRow]:
    """A student's attempts from the first to the latest: by time, where it is known.

    What came without a time was there when it was taken in, so it stands behind what was taken in
    before it. A copy of what was handed in with a time is no news, and stands before all times.
    """
    rows = sorted(attempts, key=lambda row: row.number)
    timed = {row.submission_id for row in rows if row.submitted_at}
    latest = float("-inf")
    places: dict[int, tuple[float, int]] = {}
    for row in rows:
        time = float("-inf")
        if row.submitted_at:
            time = row.submitted_at.timestamp()
        elif row.submission_id not in timed:
            time = latest
        latest = max(latest, time)
        places[row.number] = (time, row.number)
    return sorted(rows, key=lambda row: places[row.number])


def pending(
    session: Session, assignment: str, spec_hash: str, grader: str, *, attempts: Wanted, retry: bool
) -> Sequence[Work]:
    """Submissions without a result under this specification and grader.

    `attempts`: only those that are a student's latest or first attempt; all of them where the best
    one counts. `retry`: those whose result is `not_graded` too.
    """
    known = exists().where(
        ResultRow.submission_id == SubmissionRow.id,
        ResultRow.spec_hash == spec_hash,
        ResultRow.grader == grader,
        *([ResultRow.status == "graded"] if retry else []),
    )
    rows = session.execute(
        select(AttemptRow, SubmissionRow, StudentRow.key, known.label("known"))
        .join(SubmissionRow, AttemptRow.submission_id == SubmissionRow.id)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .where(SubmissionRow.assignment == assignment)
    ).all()
    facts = {row.id: (submission, key, done) for row, submission, key, done in rows}
    by_student: dict[int, list[AttemptRow]] = {}
    for row, *_ in rows:
        by_student.setdefault(row.student_id, []).append(row)
    work: dict[int, Work] = {}
    counted = {"latest": slice(-1, None), "first": slice(1)}.get(attempts, slice(None))
    for mine in by_student.values():
        for row in in_order(mine)[counted]:
            submission, key, done = facts[row.id]
            if not done:
                work[row.submission_id] = Work(
                    key, assignment, submission.id, submission.content, row.number,
                    submission.notebook,
                )  # fmt: skip
    return sorted(work.values(), key=lambda item: (item.student, item.attempt))
