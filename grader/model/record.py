"""What a gradebook knows: who handed in what and when, what people decided, and the marks.

Times are aware datetimes. Exercise and check are "" where a manual mark is about something larger:
("", "") is the whole assignment, ("loops", "") an exercise, ("loops", "shape") one check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from grader.model.expectation import Expectation
from grader.model.observation import Capture
from grader.model.result import CheckStatus, ExerciseStatus, Result
from grader.model.submission import Submission

Attempts = Literal["latest", "best", "first"]
Wanted = Literal["latest", "best", "first", "all"]  # which attempts are graded
Changed = Literal["submission", "specification", "outcome", "absent", "above"]
Standing = Literal["graded", "not_graded", "pending", "missing"]


def spelt(assignment: str, target: tuple[str, str]) -> str:
    """A target, (exercise, check), as it is written: `autograd`, `loops` or `loops/shape`."""
    return "/".join(part for part in target if part) or assignment


@dataclass(frozen=True, slots=True)
class Student:
    """A student of the course.

    Attributes:
        key: what the course calls them; unique in a gradebook, and what submissions go by.
        name: as people write it; may be empty, as may the rest.
        ids: what other systems call them: `canvas`, `sis_user`, `sis_login`, `moodle` (the
            participant's number in one assignment), `id_number` (as the roster has it).
    """

    key: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    section: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Specification:
    """One version of an assignment: its hash, when it is due, and its public part (the stamp)."""

    hash: str
    assignment: str
    due: str | None
    stamp: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HandIn:
    """One handing-in, as it came.

    Attributes:
        number: the attempt's number where the source has one; the next free one otherwise.
        source: where it came from, for people (`moodle.zip/Li Wei_12/hw.ipynb`).
        late_penalty: the share of what was earned that lateness takes, 0 to 1.
        late_reason: why, for people.
    """

    student: str
    assignment: str
    notebook: str
    data: bytes = field(repr=False)
    companions: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    submitted_at: datetime | None = None
    number: int | None = None
    source: str = ""
    late_penalty: float = 0.0
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A recorded attempt; `submission` is the gradebook's number for its content."""

    number: int
    submission: int
    content: str
    submitted_at: datetime | None
    source: str
    late_penalty: float
    late_reason: str


@dataclass(frozen=True, slots=True)
class Key:
    """What a result depends on; where all three are as before, there is nothing to grade again."""

    content: str
    spec_hash: str
    grader: str


@dataclass(frozen=True, slots=True)
class Work:
    """A submission that has no result under the asked-for key; `notebook` is its file's name."""

    student: str
    assignment: str
    submission: int
    content: str
    attempt: int
    notebook: str


@dataclass(frozen=True, slots=True)
class Rerun:
    """A submission of which some checks, (exercise, check), need a run to be answered."""

    student: str
    submission: int
    checks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """The aligned submission, what its run showed, and what the references answered about it."""

    submission: Submission
    capture: Capture
    answers: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person saw when they decided: the notebook's content, the specification, the outcome.

    `status` and `score` are those of the automatic check, exercise or result; None without one.
    """

    content: str | None
    spec_hash: str | None
    status: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class ManualMark:
    """One decision of a person about one target of one student's assignment.

    Attributes:
        action: `set`, or `clear` for taking the earlier ones back.
        points: what counts instead of the automatic points; None for a comment alone.
        comment: for the student. why: for the record.
        number: greater for later decisions.
    """

    student: str
    assignment: str
    exercise: str
    check: str
    action: Literal["set", "clear"]
    points: float | None
    comment: str
    who: str
    why: str
    at: datetime
    judged: Judged
    number: int = 0

    @property
    def target(self) -> tuple[str, str]:
        """(exercise, check), each "" where the decision is about something larger."""
        return self.exercise, self.check

    @property
    def about(self) -> str:
        """The target as it is written."""
        return spelt(self.assignment, self.target)


@dataclass(frozen=True, slots=True)
class Flag:
    """A manual mark that was decided on something that has changed since, and what has."""

    mark: ManualMark
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class CheckMark:
    """A check's part of the mark; `automatic` is what the grader gave, `score` what counts.

    `open`: nobody can say yet, because the grader could not and no person has.
    """

    id: str
    kind: str
    visibility: Literal["public", "after_due", "hidden"]
    status: CheckStatus
    automatic: float
    score: float
    max_score: float
    manual: ManualMark | None
    open: bool


@dataclass(frozen=True, slots=True)
class ExerciseMark:
    """An exercise's part of the mark."""

    id: str
    title: Mapping[str, str]
    status: ExerciseStatus
    automatic: float
    score: float
    max_score: float
    manual: ManualMark | None
    open: bool
    checks: tuple[CheckMark, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark that counts, and how it came about.

    Attributes:
        automatic: what the grader gave.
        earned: the same with manual marks in place of what they judge.
        deducted: what lateness takes of it.
        score: earned less deducted: the mark that counts.
        open: parts are neither graded nor decided by a person: no number may leave the house yet.
    """

    automatic: float
    earned: float
    deducted: float
    score: float
    max_score: float
    manual: ManualMark | None
    open: bool
    exercises: tuple[ExerciseMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """One student's line in the gradebook, for one assignment.

    Attributes:
        standing: `missing` without an attempt; `pending` where the attempt that counts has no
            result yet; `not_graded` where part of the mark is open; else `graded`.
        attempts: how many there are; `attempt` is the one that counts.
        capture: the gradebook's number for what the result was made from; None if it is not kept.
        result: for an instructor's eyes. body: the same in the form of schema 1. grader: the
            version that made it.
        mark: None without a result, unless a person marked the whole assignment.
        manual: the manual marks that stand, with or without points.
    """

    student: Student
    assignment: str
    standing: Standing
    due: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0
    attempt: Attempt | None = None
    result: Result | None = None
    body: Mapping[str, Any] | None = None
    grader: str | None = None
    capture: int | None = None
    mark: Mark | None = None
    manual: tuple[ManualMark, ...] = ()
    flags: tuple[Flag, ...] = ()
