"""Takes in a pile of files: who handed in what, in which order, and what was refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.errors import SubmissionError
from grader.intake.handin import Answer, open_up
from grader.intake.layouts import Handed
from grader.intake.look import Look, look, within
from grader.intake.names import natural
from grader.intake.options import Options
from grader.intake.people import People, calls_somebody, identify, with_authors
from grader.intake.root import open_root
from grader.intake.roster import read_roster
from grader.model.intake import EARLIEST, Attempt, Duplicate, Intake, Moment, Refusal, Student
from grader.model.submission import Message


@dataclass(frozen=True, slots=True)
class _Read:
    """An answer that was read, and what it was handed in with."""

    answer: Answer
    look: Look
    handed: Handed

    @property
    def submitted(self) -> Moment | None:
        """When it was handed in; files that were handed in at once share their latest time."""
        changes = [part.file.changed for part in self.handed.parts if part.file.changed]
        last = max(changes, key=lambda moment: moment.time, default=None)
        return self.handed.submitted or last

    def place(self) -> tuple[object, ...]:
        """Its place among its student's: by time, then as `within`."""
        time = self.submitted.time if self.submitted else EARLIEST
        return (time, *within(self.answer.part, self.look))


@dataclass(slots=True)
class _Heap:
    """What comes up on the way."""

    students: dict[str, Student]
    found: dict[str, list[_Read]] = field(default_factory=lambda: defaultdict(list))
    refused: list[Refusal] = field(default_factory=list)
    conflicts: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    ignored: int = 0


def take_in(path: Path, roster: Path | None = None, options: Options | None = None) -> Intake:
    """Recognise what lies at `path` and list every submission in it, in order and explained.

    `path` is a folder, a zip, or one notebook. Contents are read once, one after the other, and not
    kept: `Attempt.source` reads again. What cannot be taken is refused by itself, in
    `Intake.refused`; it never stops the rest.

    Raises:
        IntakeError: `intake.error-…`: there is nothing there, or nothing of the kind, or several
            assignments of which none is named; or the roster cannot be read.
    """
    options = options or Options()
    enrolled = read_roster(roster) if roster is not None else None
    listing, reading = open_root(path, options, roster, calls_somebody(enrolled))
    people = identify([claim for handed in reading.handed for claim in handed.claims], enrolled)
    heap = _Heap(
        students=dict(people.students),
        refused=[*listing.refused, *reading.refused],
        conflicts=[
            *(enrolled.conflicts if enrolled else ()),
            *reading.conflicts,
            *people.conflicts,
        ],
        notes=[*reading.evidence, *((enrolled.evidence,) if enrolled else ()), *listing.notes],
        ignored=listing.ignored + reading.ignored,
    )
    for handed in reading.handed:
        _gather(handed, people, options, heap)
    ids = sorted(heap.students, key=natural)
    attempts = tuple(a for id in ids for a in _attempts(id, heap.found[id], people))
    return Intake(
        path=str(path),
        kind=reading.kind,
        evidence=tuple(heap.notes),
        students=tuple(heap.students[id] for id in ids),
        attempts=attempts,
        missing=tuple(id for id in ids if not heap.found[id]),
        conflicts=tuple(heap.conflicts),
        duplicates=_duplicates(attempts),
        refused=tuple(heap.refused),
        ignored=heap.ignored,
    )


def _gather(handed: Handed, people: People, options: Options, heap: _Heap) -> None:
    """Open what was handed in, read its notebooks, and put them to those who handed it in."""
    ids = [people.by_key[claim.key] for claim in handed.claims]
    opened = open_up(handed, options.limits, options.encoding)
    heap.notes += [note for note in opened.notes if note not in heap.notes]
    heap.ignored += opened.ignored
    heap.refused += [replace(refusal, student=ids[0]) for refusal in opened.refused]
    read = _looked_at(opened.answers, handed, ids[0], heap)
    _say_what_is_odd(handed, read, ids[0], heap)
    for id in dict.fromkeys(ids):
        heap.found[id] += read
        for one in read:
            inside = one.answer.part.file.path
            heap.students[id], odd = with_authors(
                heap.students[id], one.look.authors, inside, people, set(ids)
            )
            heap.conflicts += [message for message in odd if id == ids[0]]


def _looked_at(answers: Sequence[Answer], handed: Handed, student: str, heap: _Heap) -> list[_Read]:
    read = []
    for answer in answers:
        file = answer.part.file
        try:
            seen = look(file.source)
        except SubmissionError as error:
            message = Message(error.message_id, error.params)
            heap.refused.append(Refusal(file.path, message, student))
            continue
        if handed.sha256 not in (None, seen.sha256):
            params = {"student": student, "path": file.path}
            heap.conflicts.append(Message("intake.receipt-differs", params))
        read.append(_Read(answer, seen, handed))
    return read


def _say_what_is_odd(handed: Handed, read: Sequence[_Read], student: str, heap: _Heap) -> None:
    """Several notebooks at once, of which one will be graded; or none."""
    params: dict[str, str | int | float]
    if len(read) > 1:
        last = max(read, key=_Read.place).answer.part.file.path
        params = {"student": student, "count": len(read), "path": last}
        heap.conflicts.append(Message("intake.several-notebooks", params))
    if not read:
        params = {"student": student, "path": handed.claims[0].place, "count": len(handed.parts)}
        heap.conflicts.append(Message("intake.no-notebook", params))


def _attempts(student: str, found: Sequence[_Read], people: People) -> list[Attempt]:
    attempts = []
    for number, read in enumerate(sorted(found, key=_Read.place), 1):
        part = read.answer.part
        together = {people.by_key[claim.key] for claim in read.handed.claims}
        attempts.append(
            Attempt(
                student=student,
                number=number,
                path=part.file.path,
                name=part.inside[-1],
                source=part.file.source,
                size=part.file.source.size,
                sha256=read.look.sha256,
                submitted=read.submitted,
                late=read.handed.late,
                companions=read.answer.companions,
                shared_with=tuple(sorted(together - {student}, key=natural)),
            )
        )
    return attempts


def _duplicates(attempts: Sequence[Attempt]) -> tuple[Duplicate, ...]:
    """The same content in files of different students; a group's file is one file."""
    same: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for attempt in attempts:
        same[attempt.sha256].setdefault(attempt.path, (attempt.student, attempt.path))
    return tuple(
        Duplicate(sha256, tuple(of.values()))
        for sha256, of in same.items()
        if len({student for student, _ in of.values()}) > 1
    )
