"""The gradebook's tables.

    student ─┬─ submission ─┬─ file          what was handed in, byte for byte
             │              ├─ attempt       each handing-in of it
             │              ├─ capture       what its runs showed
             │              ├─ result ─┬─ finding, diagnosis
             │              └─ standing ┘    which of its results counts
             └─ manual_mark                  decisions of people, all that were ever made
    specification                            versions of assignments that results refer to

All that belongs to a student hangs below `student` and goes with it. Nothing else is ever deleted:
a result is superseded by moving `standing`, a manual mark by a later row. A change here needs a
migration (`grader/gradebook/migrations`); a test holds the two against each other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from grader.gradebook.columns import Json, Moment, Packed

_BELOW = "CASCADE"


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text, float: Double, datetime: Moment, bytes: Packed}  # noqa: RUF012


class StudentRow(Base):
    """A student of the course."""

    __tablename__ = "student"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    section: Mapped[str]
    ids: Mapped[Any] = mapped_column(Json)


class SpecificationRow(Base):
    """One version of an assignment."""

    __tablename__ = "specification"

    hash: Mapped[str] = mapped_column(primary_key=True)
    assignment: Mapped[str]
    due: Mapped[str | None]
    stamp: Mapped[Any] = mapped_column(Json)
    recorded_at: Mapped[datetime]


class SubmissionRow(Base):
    """One content that a student handed in for an assignment, however often."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("student_id", "assignment", "content"),
        UniqueConstraint("id", "student_id", "assignment"),
        Index(None, "content"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=_BELOW))
    assignment: Mapped[str]
    content: Mapped[str]
    notebook: Mapped[str]


class FileRow(Base):
    """A file of a submission, as it was handed in."""

    __tablename__ = "file"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete=_BELOW), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes]


class AttemptRow(Base):
    """One handing-in."""

    __tablename__ = "attempt"
    __table_args__ = (
        ForeignKeyConstraint(
            ["submission_id", "student_id", "assignment"],
            ["submission.id", "submission.student_id", "submission.assignment"],
            ondelete=_BELOW,
        ),
        UniqueConstraint("student_id", "assignment", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(index=True)
    student_id: Mapped[int]
    assignment: Mapped[str]
    number: Mapped[int]
    submitted_at: Mapped[datetime | None]
    source: Mapped[str]
    late_penalty: Mapped[float]
    late_reason: Mapped[str]


class CaptureRow(Base):
    """What a run of a submission showed: `grader.capture.encode`'s bytes and the aligned cells.

    `answers` is what the references said about it, so that nobody need ask again; the bytes are
    those of `grader.reference.keep`.
    """

    __tablename__ = "capture"
    __table_args__ = (UniqueConstraint("submission_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete=_BELOW))
    digest: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    data: Mapped[bytes]
    aligned: Mapped[Any] = mapped_column(Json)
    answers: Mapped[bytes | None]


class ResultRow(Base):
    """A result: `verdict` is the grader's own data, `body` the JSON of schema 1; both whole."""

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("submission_id", "spec_hash", "grader", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete=_BELOW))
    spec_hash: Mapped[str] = mapped_column(ForeignKey("specification.hash"), index=True)
    grader: Mapped[str]
    digest: Mapped[str]
    capture_id: Mapped[int | None] = mapped_column(
        ForeignKey("capture.id", ondelete=_BELOW), index=True
    )
    recorded_at: Mapped[datetime]
    status: Mapped[str]
    reason: Mapped[str | None]
    score: Mapped[float]
    max_score: Mapped[float]
    seed: Mapped[int] = mapped_column(BigInteger)
    language: Mapped[str]
    run_status: Mapped[str]
    seconds: Mapped[float]
    peak_memory_bytes: Mapped[int] = mapped_column(BigInteger)
    retried: Mapped[bool]
    verdict: Mapped[Any] = mapped_column(Json)
    body: Mapped[Any] = mapped_column(Json)


class StandingRow(Base):
    """Which of a submission's results counts."""

    __tablename__ = "standing"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete=_BELOW), primary_key=True
    )
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id", ondelete=_BELOW), unique=True)


class FindingRow(Base):
    """What one check found, for queries; `message` is the message's id."""

    __tablename__ = "finding"
    __table_args__ = (Index(None, "exercise", "check", "status"),)

    result_id: Mapped[int] = mapped_column(
        ForeignKey("result.id", ondelete=_BELOW), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    exercise: Mapped[str]
    check: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    score: Mapped[float]
    max_score: Mapped[float]
    visibility: Mapped[str]
    message: Mapped[str]


class DiagnosisRow(Base):
    """A misconception that was found, for queries."""

    __tablename__ = "diagnosis"

    result_id: Mapped[int] = mapped_column(
        ForeignKey("result.id", ondelete=_BELOW), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    exercise: Mapped[str]
    misconception: Mapped[str] = mapped_column(index=True)
    confidence: Mapped[float]
    checks: Mapped[Any] = mapped_column(Json)


class ManualMarkRow(Base):
    """One decision of a person; the last one about a target stands."""

    __tablename__ = "manual_mark"
    __table_args__ = (Index(None, "student_id", "assignment"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete=_BELOW))
    assignment: Mapped[str]
    exercise: Mapped[str]
    check: Mapped[str]
    action: Mapped[str]
    points: Mapped[float | None]
    comment: Mapped[str]
    who: Mapped[str]
    why: Mapped[str]
    at: Mapped[datetime]
    judged_content: Mapped[str | None]
    judged_spec: Mapped[str | None]
    judged_status: Mapped[str | None]
    judged_score: Mapped[float | None]
