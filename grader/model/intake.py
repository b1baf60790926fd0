"""What intake makes of a pile of files: who handed in what, when, and what was refused and why.

Nothing here holds a file's content: a `Source` reads it when asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, Literal, Protocol

from grader.model.submission import Message

Kind = Literal[
    "flat", "folders", "nbgrader", "canvas", "moodle", "gradescope", "receipts", "several"
]
# Where something was learnt, from what is most believed to what is least.
From = Literal["roster", "receipt", "gradescope", "folder", "file", "metadata"]
# By what somebody was found on the roster, from what is surest to what is least.
Matched = Literal["number", "id", "email", "name", "piece"]
TimeFrom = Literal["receipt", "gradescope", "timestamp", "archive", "file"]


class Source(Protocol):
    """The content of one file, wherever it lies; read anew, within bounds, at every call."""

    @property
    def size(self) -> int:
        """Bytes, as the file system or the archive says; never more are read."""
        ...

    def open(self) -> BinaryIO:
        """The content as a seekable stream: a file, or a nameless temporary one. Close it.

        Raises:
            SubmissionError: `intake.unreadable` or `intake.broken`.
        """
        ...

    def read(self) -> bytes:
        """The content; raises as `open` does."""
        ...

    def sha256(self) -> str:
        """SHA-256 of the content in hexadecimal, in memory that does not grow with it."""
        ...


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was handed in, and who says so.

    `archive` and `file` are times of last change: they tell which of two is newer, but copying or
    unpacking may have set them, so they never make an attempt late.
    """

    time: datetime
    source: TimeFrom

    @property
    def sure(self) -> bool:
        """Whether this is the time of handing in."""
        return self.source not in ("archive", "file")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was learnt of a student: `what` it is, the `value`, and where it was said.

    `place` is the folder, file, or row of the roster.
    """

    what: Literal["id", "name", "email"]
    value: str
    source: From
    place: str


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody who handed in, or should have.

    Attributes:
        id: unique in an intake: the roster's, else what the platform, folder or file calls them.
        name, email: None where nothing says.
        own_id, first, last: the number, given and family name in the roster's columns for them.
        numbers: platform → its number for them (`canvas`, `moodle`; `sis_user` and `sis_login` for
            Canvas too), for giving marks back.
        identity: everything that was learnt, the most believed first.
        enrolled: whether the roster has them; None without a roster.
        matched: by what of theirs they were found on it; `piece` is a part of a folder's or file's
            name. None for who is not on it or has handed in nothing.
    """

    id: str
    name: str | None = None
    email: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    identity: tuple[Evidence, ...] = ()
    enrolled: bool | None = None
    matched: Matched | None = None
    own_id: str | None = None
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Companion:
    """A file that came with a notebook: its name relative to it, with `/`, and its content."""

    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class Attempt:
    """One notebook or percent script of one student.

    Attributes:
        student: `Student.id`.
        number: 1, 2, … of this student, in the order in which they were handed in as far as known.
        path: where it lies inside what was taken in, with `/`, archives as folders.
        name: the file's name without folders and without what a platform put before it.
        source: its content; `size` in bytes and `sha256` are of it.
        submitted: when; None where nothing says.
        late: whether the platform marked it as late, whatever the time.
        companions: what lies beside and below it, archives unopened.
        shared_with: ids of those who handed this very file in together with the student.
    """

    student: str
    number: int
    path: str
    name: str
    source: Source
    size: int
    sha256: str
    submitted: Moment | None = None
    late: bool = False
    companions: tuple[Companion, ...] = ()
    shared_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not taken, and why; `student` is whose it is, where that is known."""

    path: str
    reason: Message
    student: str | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same content from different students: (student, path) of each."""

    sha256: str
    of: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything that was taken in, and everything that was not.

    Attributes:
        path: what was taken in, as it was named.
        kind: what it was recognised as; `evidence` says by what.
        students: all of whom something is known, by id.
        attempts: by student and then by number: the last of a student is the latest.
        missing: ids of students without an attempt.
        conflicts: what does not go together, or had to be decided: for the instructor to look at.
        duplicates: the same content from different students.
        refused: files that are not taken.
        ignored: how many files of the system's were passed over (`.DS_Store`, `__MACOSX`, …).
    """

    path: str
    kind: Kind
    evidence: tuple[Message, ...]
    students: tuple[Student, ...]
    attempts: tuple[Attempt, ...]
    missing: tuple[str, ...] = ()
    conflicts: tuple[Message, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    refused: tuple[Refusal, ...] = ()
    ignored: int = 0

    def of(self, student: str) -> tuple[Attempt, ...]:
        """The attempts of a student, in order."""
        return tuple(attempt for attempt in self.attempts if attempt.student == student)


EARLIEST = datetime.min.replace(tzinfo=UTC)
