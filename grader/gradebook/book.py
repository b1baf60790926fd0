"""The gradebook as the rest of the grader sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import select

import grader
from grader.errors import InternalError
from grader.gradebook import grades, intake, manual, people, results, transfer
from grader.gradebook import regrade as again
from grader.gradebook.database import Database
from grader.gradebook.migrate import migrate
from grader.gradebook.stored import Written
from grader.gradebook.tables import FileRow, StudentRow, SubmissionRow
from grader.model.record import (
    Attempt,
    Attempts,
    Grade,
    HandIn,
    Key,
    ManualMark,
    Observed,
    Rerun,
    Specification,
    Student,
    Wanted,
    Work,
)
from grader.model.result import Result


def _now() -> datetime:
    return datetime.now(UTC)


class Gradebook:
    """An open gradebook: a course's students, what they handed in, and what came of it.

    Every method that writes is one transaction: when it returns, it is on the disk; when it does
    not, nothing of it is. Doing the same again changes nothing. Several processes may use one book.

    Args:
        where: a file (SQLite), or an address that begins with `postgresql://`.
        create: make it where there is none.
        clock: tells when something was recorded or decided.
        only: numbers of the submissions that `pending` tells of; of all where None.

    Raises:
        CallError: it is not there, not a gradebook, or newer than this grader.
        MachineError: the database or its driver fails.
    """

    def __init__(
        self,
        where: str | Path,
        *,
        create: bool = False,
        clock: Callable[[], datetime] = _now,
        only: Collection[int] | None = None,
    ) -> None:
        self._only = only
        self._database = Database(where, create=create)
        self._clock = clock
        try:
            migrate(self._database, create=create)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """What messages call it; without a password."""
        return self._database.name

    def close(self) -> None:
        """Close it."""
        self._database.close()

    # What came in

    def enrol(self, students: Iterable[Student]) -> None:
        """Add students, or what is newly known of them."""
        with self._database.writing() as session:
            people.enrol(session, students)

    def students(self) -> tuple[Student, ...]:
        """All students, by key."""
        with self._database.reading() as session:
            rows = session.scalars(select(StudentRow)).all()
            return tuple(sorted(map(people.student_of, rows), key=lambda student: student.key))

    def specify(self, specification: Specification) -> None:
        """Keep a version of an assignment; before results that refer to it."""
        with self._database.writing() as session:
            results.specify(session, specification, self._clock())

    def hand_in(self, given: HandIn) -> Attempt:
        """Record one handing-in of an enrolled student; see `grader.gradebook.intake.hand_in`."""
        return self.hand_in_all([given])[0]

    def hand_in_all(self, given: Iterable[HandIn]) -> tuple[Attempt, ...]:
        """Record several, all or none, which is much faster than one by one."""
        with self._database.writing() as session:
            return tuple(intake.hand_in(session, one) for one in given)

    def attempts(self, assignment: str) -> Mapping[str, tuple[Attempt, ...]]:
        """Student's key → what they handed in, the latest one last."""
        with self._database.reading() as session:
            return grades.handed_in(session, assignment)

    def files(self, submission: int) -> tuple[str, Mapping[str, bytes]]:
        """The notebook's name, and all files of a submission, the notebook among them."""
        with self._database.reading() as session:
            row = session.get_one(SubmissionRow, submission)
            files = session.scalars(select(FileRow).where(FileRow.submission_id == submission))
            return row.notebook, {file.name: file.data for file in files}

    # What came of it

    def pending(
        self,
        assignment: str,
        spec_hash: str,
        grader: str = grader.__version__,
        *,
        attempts: Wanted = "latest",
        retry: bool = False,
    ) -> Sequence[Work]:
        """What has to be graded: submissions without a result under this specification and grader.

        `attempts`: only each student's latest or first; all of them for `best` and `all`. `retry`:
        what is `not_graded` too.
        """
        with self._database.reading() as session:
            works = intake.pending(
                session, assignment, spec_hash, grader, attempts=attempts, retry=retry
            )
        return [work for work in works if self._only is None or work.submission in self._only]

    def known(self, key: Key) -> tuple[Result, Observed | None] | None:
        """A graded result of the same content under the same key, whoever handed it in."""
        with self._database.reading() as session:
            return results.known(session, key)

    def reuse(
        self,
        assignment: str,
        spec_hash: str,
        grader: str = grader.__version__,
        *,
        attempts: Wanted = "latest",
    ) -> tuple[Work, ...]:
        """Give what is pending the result that the same content has already, of another student.

        Returns what has a result now; nothing of it has to be graded.
        """
        with self._database.writing() as session:
            works = intake.pending(
                session, assignment, spec_hash, grader, attempts=attempts, retry=True
            )
            chosen = [w for w in works if self._only is None or w.submission in self._only]
            return results.reuse(session, chosen, spec_hash, grader, self._clock())

    def record(
        self,
        submission: int,
        result: Result,
        body: Mapping[str, Any],
        observed: Observed | int | None,
        grader: str = grader.__version__,
    ) -> bool:
        """Keep a result (`body` is its JSON, schema 1) with what it was made from; it stands now.

        `observed` is a number where the book has that already (`Regraded.capture`).
        Returns whether anything changed. The result is for an instructor's eyes: all of it.
        """
        with self._database.writing() as session:
            return results.record(
                session, submission, result, body,
                observed=observed, grader=grader, now=self._clock(),
            )  # fmt: skip

    def observed(self, submission: int) -> Observed | None:
        """What the run showed that the standing result was made from; None where it is not kept."""
        with self._database.reading() as session:
            return results.observed(session, submission)

    def needs_rerun(self, assignment: str) -> tuple[Rerun, ...]:
        """Submissions with checks that their capture could not answer."""
        with self._database.reading() as session:
            return results.needs_rerun(session, assignment)

    def regrade(
        self,
        assignment: str,
        spec_hash: str,
        recheck: again.Recheck,
        grader: str = grader.__version__,
        *,
        attempts: Attempts = "latest",
        students: Collection[str] | None = None,
    ) -> Iterator[again.Regraded]:
        """What another specification would change, for whom and why. Nothing is written.

        `recheck` judges a capture again. Results that were made under this specification and
        grader are left out; of attempts, those that count (all of them for `best`, because
        another may be the best one then); of students, those of `students`. To write what is
        shown, call `record_regraded`.
        """
        for grade_ in self._handed_in(assignment, attempts, students):
            before, attempt, version = grade_.result, grade_.attempt, grade_.grader
            if before is None or attempt is None or version is None:
                continue
            if (before.spec_hash, version) == (spec_hash, grader):
                continue
            earlier = again.Earlier(
                before, version, partial(self._observed, attempt.submission, grade_.capture)
            )
            yield again.again(grade_, attempt.submission, earlier, recheck)

    def _handed_in(
        self, assignment: str, attempts: Attempts, students: Collection[str] | None
    ) -> Iterator[Grade]:
        with self._database.reading() as session:
            yield from grades.handed_in_lines(session, assignment, attempts, students)

    def _observed(
        self, submission: int, capture: int | None, exercises: Collection[str] | None = None
    ) -> Observed:
        with self._database.reading() as session:
            found = results.capture(session, capture, exercises)
        if found is None:
            raise InternalError(f"the capture of submission {submission} is gone")
        return found

    def record_regraded(
        self,
        found: Iterable[tuple[again.Regraded, Written | None]],
        grader: str = grader.__version__,
    ) -> tuple[str, ...]:
        """Keep what re-checks came to, each as `written` with its JSON: all of it or nothing.

        Returns the students whose result has changed since it was looked at; it stays.
        """
        with self._database.writing() as session:
            return results.record_regraded(session, found, grader=grader, now=self._clock())

    # Marks

    def assignments(self) -> tuple[str, ...]:
        """Ids of the assignments that the book knows."""
        with self._database.reading() as session:
            return grades.assignments(session)

    def grades(
        self, assignment: str, *, attempts: Attempts = "latest", body: bool = True
    ) -> Iterator[Grade]:
        """Every student's line, by key; who handed in nothing is `missing`.

        Without `body` lines have none: it is half of what there is to read.
        """
        with self._database.reading() as session:
            yield from grades.grades(session, assignment, attempts, body=body)

    def grade(self, student: str, assignment: str, *, attempts: Attempts = "latest") -> Grade:
        """One student's line."""
        with self._database.reading() as session:
            return grades.grade(session, student, assignment, attempts)

    def set_mark(
        self,
        student: str,
        assignment: str,
        exercise: str = "",
        check: str = "",
        *,
        points: float | None,
        who: str,
        why: str,
        comment: str = "",
        attempts: Attempts = "latest",
    ) -> ManualMark:
        """Decide on a check, an exercise or the whole; without points it is only a comment.

        It counts from now on, whatever is graded again, until it is set anew or cleared.
        """
        with self._database.writing() as session:
            return manual.decide(
                session,
                grades.grade(session, student, assignment, attempts),
                manual.Decision("set", (exercise, check), who, why, points, comment),
                self._clock(),
            )

    def clear_mark(
        self,
        student: str,
        assignment: str,
        exercise: str = "",
        check: str = "",
        *,
        who: str,
        why: str,
        attempts: Attempts = "latest",
    ) -> ManualMark:
        """Take the manual mark of a target back; what was decided before stays in the history."""
        with self._database.writing() as session:
            return manual.decide(
                session,
                grades.grade(session, student, assignment, attempts),
                manual.Decision("clear", (exercise, check), who, why),
                self._clock(),
            )

    def history(self, student: str, assignment: str) -> tuple[ManualMark, ...]:
        """Every decision ever made about a student's assignment, the first one first."""
        with self._database.reading() as session:
            return manual.history(session, student, assignment)

    # The data

    def export_data(self, folder: Path) -> Mapping[str, int]:
        """Write everything into a new folder; returns how many rows of what."""
        with self._database.reading() as session:
            return transfer.write(session, folder)

    def import_data(self, folder: Path) -> Mapping[str, int]:
        """Read what `export_data` wrote into this book, which must be empty."""
        with self._database.writing() as session:
            return transfer.read(session, folder, self.name)

    def remove_student(self, key: str) -> tuple[str, ...]:
        """Remove a student and all that is theirs, from free pages and logs of the database too.

        Returns where people mention them in what they decided about others.
        """
        with self._database.writing() as session:
            mentions = people.remove(session, key)
        self.scrub()
        return mentions

    def scrub(self) -> None:
        """Rewrite the database without what was removed; `remove_student` does it by itself."""
        self._database.scrub()
