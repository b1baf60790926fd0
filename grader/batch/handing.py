"""Writes what intake found into the gradebook; the same again changes nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from grader.errors import CallError, SubmissionError
from grader.gradebook import Gradebook, content_hash
from grader.intake import Lateness
from grader.model.intake import Attempt, Intake
from grader.model.record import Attempt as Recorded
from grader.model.record import HandIn, Student
from grader.model.submission import Message

_AT_ONCE = 8 << 20  # bytes of notebooks in one transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something of a student's that could not be handed in, and why."""

    student: str
    path: str
    reason: Message | str


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What came of a pile; in the book is more, where it was not the first.

    Attributes:
        troubles: what could not be handed in; the rest is.
        otherwise: (student, the number of their latest attempt, the number of what lies in the
            pile): another notebook was handed in than lies there now.
        absent: keys of students of whom nothing lies there, though they have handed in.
    """

    troubles: tuple[Trouble, ...] = ()
    otherwise: tuple[tuple[str, int, int], ...] = ()
    absent: tuple[str, ...] = ()


def hand_in(
    book: Gradebook,
    intake: Intake,
    assignment: str,
    late: Callable[[Attempt], Lateness],
    say: Callable[[Message], str],
) -> HandedIn:
    """Enrol everybody and record every attempt with what lateness costs it.

    An attempt is one that the book has when it is of the same content and time of handing in and
    stands in the same order; so reading the same pile twice adds nothing, and a student who goes
    back to an earlier notebook has one attempt more. Without a time, what the book has with one is
    none. `say` puts the reason of a penalty in words.
    """
    troubles: list[Trouble] = []
    people = [
        Student(
            key=student.id,
            name=student.name or "",
            first_name=student.first or "",
            last_name=student.last or "",
            email=student.email or "",
            ids={**student.numbers, **({"id_number": student.own_id} if student.own_id else {})},
        )
        for student in intake.students
    ]
    for student, why in _all(people, book.enrol):
        troubles.append(Trouble(student.key, "", why))
    waiting: list[HandIn] = []
    pile = _Pile(intake, assignment, book.attempts(assignment), late, say, troubles)
    for given in pile:
        waiting.append(given)
        if sum(_size(each) for each in waiting) > _AT_ONCE:
            troubles += _written(book, waiting)
            waiting = []
    troubles += _written(book, waiting)
    return _compared(book.attempts(assignment), pile.lies, troubles)


def _compared(
    attempts: Mapping[str, Sequence[Recorded]],
    lies: Mapping[str, Mapping[str, int]],
    troubles: Sequence[Trouble],
) -> HandedIn:
    """What the book has beside what lies in the pile: student → content → number of an attempt."""
    latest = {key: mine[-1] for key, mine in sorted(attempts.items())}
    return HandedIn(
        troubles=tuple(troubles),
        otherwise=tuple(
            (key, one.number, max(lies[key].values()))
            for key, one in latest.items()
            if key in lies and one.content not in lies[key]
        ),
        absent=tuple(key for key in latest if key not in lies),
    )


def _written(book: Gradebook, given: Sequence[HandIn]) -> Iterator[Trouble]:
    for one, why in _all(given, book.hand_in_all):
        yield Trouble(one.student, one.source, why)


def _all(given: Sequence[T], write: Callable[[Iterable[T]], object]) -> Iterator[tuple[T, str]]:
    """Write all at once; where one is refused, each by itself. Yields what was refused, and why."""
    try:
        write(given)
    except CallError:
        for one in given:
            try:
                write([one])
            except CallError as error:
                yield one, str(error)


@dataclass(frozen=True, slots=True, eq=False)
class _Pile:
    """What intake found, one after the other as it is to be handed in; read only when asked."""

    intake: Intake
    assignment: str
    recorded: Mapping[str, Sequence[Recorded]]
    late: Callable[[Attempt], Lateness]
    say: Callable[[Message], str]
    troubles: list[Trouble]
    lies: dict[str, dict[str, int]] = field(default_factory=dict)  # student → content → number

    def __iter__(self) -> Iterator[HandIn]:
        for student in self.intake.students:
            key = unicodedata.normalize("NFC", student.id)  # as the book spells it
            left = list(self.recorded.get(key, ()))
            last = max((attempt.number for attempt in left), default=0)
            timed = {a.content: a.number for a in left if a.submitted_at}
            for attempt in self.intake.of(student.id):
                given = self._read(attempt)
                if given is None:
                    continue
                content = content_hash(given.data, given.companions, name=given.notebook)
                if given.submitted_at is None and content in timed:
                    self.lies.setdefault(key, {})[content] = timed[content]
                    continue  # a copy, which would cost nothing however late that was
                same = (content, given.submitted_at)
                at = next(
                    (n for n, one in enumerate(left) if (one.content, one.submitted_at) == same),
                    None,
                )
                if at is None:
                    last = number = last + 1
                else:
                    number = left[at].number
                    left = left[at + 1 :]
                self.lies.setdefault(key, {})[content] = number
                if given.submitted_at is not None:
                    timed[content] = number
                yield replace(given, number=number)

    def _read(self, attempt: Attempt) -> HandIn | None:
        try:
            data = attempt.source.read()
            companions = {each.name: each.source.read() for each in attempt.companions}
        except SubmissionError as error:
            reason = Message(error.message_id, error.params)
            self.troubles.append(Trouble(attempt.student, attempt.path, reason))
            return None
        moment, lateness = attempt.submitted, self.late(attempt)
        return HandIn(
            student=attempt.student,
            assignment=self.assignment,
            notebook=attempt.name,
            data=data,
            companions=companions,
            submitted_at=moment.time if moment is not None and moment.sure else None,
            source=attempt.path,
            late_penalty=lateness.percent / 100,
            late_reason=self.say(lateness.reason) if lateness.by else "",
        )


def _size(given: HandIn) -> int:
    return len(given.data) + sum(map(len, given.companions.values()))
