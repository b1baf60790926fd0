"""Students: enrolled, found, removed with all that is theirs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.errors import CallError
from grader.gradebook.tables import ManualMarkRow, StudentRow
from grader.model.record import Student

_WORDS = ("name", "first_name", "last_name", "email", "section")


def sound(text: str, what: str, longest: int = 500) -> str:
    """`text` composed (NFC), as every database can keep it and people can read it.

    Raises:
        CallError: it is too long, or holds control characters or half characters.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    broken = [c for c in composed if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    if broken or len(composed) > longest:
        raise CallError(
            f"{what}: expected at most {longest} characters without control characters, found "
            f"{composed[:60]!a}"
        )
    return composed


def enrol(session: Session, students: Iterable[Student]) -> None:
    """Add students; of those already there, what is not empty here replaces what is there."""
    for student in students:
        key = sound(student.key, "a student's key")
        row = _row(session, key)
        if row is None:
            row = StudentRow(key=key, ids={}, **dict.fromkeys(_WORDS, ""))
            session.add(row)
        for field in _WORDS:
            if text := sound(getattr(student, field), f"{field} of {student.key}"):
                setattr(row, field, text)
        if student.ids:
            row.ids = {**row.ids, **student.ids}
    session.flush()


def find(session: Session, key: str) -> StudentRow:
    """The student with this key.

    Raises:
        CallError: there is none; names those that are spelt alike.
    """
    row = _row(session, unicodedata.normalize("NFC", key))
    if row is not None:
        return row
    keys = sorted(session.scalars(select(StudentRow.key)))
    close = get_close_matches(key, keys, n=3)
    hint = f"Did you mean {', '.join(close)}?" if close else "`grader gradebook list` shows all."
    raise CallError(f"expected one of the {len(keys)} students, found {key!r}. {hint}")


def student_of(row: StudentRow) -> Student:
    """The student in a row."""
    return Student(
        row.key, row.name, row.first_name, row.last_name, row.email, row.section, dict(row.ids)
    )


def remove(session: Session, key: str) -> tuple[str, ...]:
    """Remove a student and all that is theirs.

    Returns:
        Where people wrote of them in what they decided about others; that is not ours to change.
    """
    row = find(session, key)
    names = [name.casefold() for name in (row.key, row.name, row.email) if name]
    session.delete(row)
    session.flush()
    decisions = session.execute(
        select(ManualMarkRow, StudentRow.key)
        .join(StudentRow, StudentRow.id == ManualMarkRow.student_id)
        .order_by(ManualMarkRow.id)
    )
    return tuple(
        f"{about}, {entry.assignment}, decided by {entry.who} on {entry.at:%Y-%m-%d}"
        for entry, about in decisions
        if any(name in f"{entry.comment}\n{entry.why}".casefold() for name in names)
    )


def _row(session: Session, key: str) -> StudentRow | None:
    return session.scalars(select(StudentRow).where(StudentRow.key == key)).one_or_none()
