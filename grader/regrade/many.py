"""A whole gradebook judged again: many submissions, in several processes, nothing written.

A process is a fork of this one, so that it has imported everything and knows the course. It opens
the gradebook itself and reads from it only; this process alone will write.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from grader.errors import CallError, MachineError
from grader.gradebook import Gradebook, Regraded, Written, written
from grader.model.exercise import Assignment
from grader.model.record import Attempts
from grader.pipeline import diagnosis_texts
from grader.reference import ReferenceProcess
from grader.regrade.recheck import recheck
from grader.report import to_json

AT_ONCE = 16  # students that a process is given
_OBJECTS = 100_000  # about what one notebook makes
Found = tuple[Regraded, Written | None]
Progress = Callable[[int, int], None]
Begin = tuple[str, Assignment, Mapping[str, Path], Attempts]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a process works with."""

    book: Gradebook
    assignment: Assignment
    references: ReferenceProcess
    attempts: Attempts

    def part(self, students: Collection[str]) -> list[Found]:
        """Some students, judged again."""
        found = self.book.regrade(
            self.assignment.id,
            self.assignment.spec_hash,
            partial(recheck, self.assignment, self.references),
            attempts=self.attempts,
            students=students,
        )
        return [(each, _written(each)) for each in found]


def look(
    where: str,
    assignment: Assignment,
    references: Mapping[str, Path],
    *,
    attempts: Attempts = "latest",
    jobs: int = 1,
    progress: Progress = lambda done, total: None,
) -> list[Found]:
    """What `assignment`, as it is now, makes of every result in the gradebook at `where`.

    `progress` is told (students done, students in all). `Gradebook.record_regraded` takes what
    comes back, which is in the order of the students' keys.

    Raises:
        CallError, MachineError: the gradebook cannot be read.
    """
    with Gradebook(where) as book:
        students = [student.key for student in book.students()]
    parts = [students[at : at + AT_ONCE] for at in range(0, len(students), AT_ONCE)]
    found: list[Found] = []
    done = 0
    begin = (where, assignment, references, attempts)
    with _answered(begin, parts, min(jobs, len(parts))) as all_:
        for size, some in all_:
            found += some
            done += size
            progress(done, len(students))
    return sorted(found, key=lambda one: one[0].student)


def _written(found: Regraded) -> Written | None:
    after = found.after
    if after is None:
        return None
    return written(after, to_json(after, after.language, diagnosis_texts(after)))


@contextmanager
def _answered(
    begin: Begin, parts: Sequence[Sequence[str]], jobs: int
) -> Iterator[Iterator[tuple[int, list[Found]]]]:
    """(students, what was found) of each part, as they are done."""
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods():
        desk = _desk(begin)
        try:
            yield ((len(part), desk.part(part)) for part in parts)
        finally:
            desk.book.close()
            desk.references.close()
        return
    with multiprocessing.get_context("fork").Pool(jobs, _begin, begin) as pool:
        yield (_sound(answer) for answer in pool.imap_unordered(_serve, parts))


def _desk(begin: Begin) -> _Desk:
    """The reference process is not started before a question is new to it."""
    where, assignment, references, attempts = begin
    return _Desk(Gradebook(where), assignment, ReferenceProcess(references), attempts)


_mine: dict[str, Any] = {}  # what a fork begins with, and its desk from the first part on


def _begin(*begin: Any) -> None:
    """Begin the life of a fork; it ends when it is told to, not by Ctrl-C.

    What it was born with is no garbage, and of what it makes little is: what a notebook showed is
    dropped as it came. To look for garbage as often as Python does took a sixth of the time.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    _mine["begin"] = begin


def _serve(students: Sequence[str]) -> tuple[int, list[Found] | CallError | MachineError]:
    try:
        if "desk" not in _mine:
            _mine["desk"] = _desk(_mine["begin"])
        desk: _Desk = _mine["desk"]
        return len(students), desk.part(students)
    except (CallError, MachineError) as error:
        return len(students), error


def _sound(
    answer: tuple[int, list[Found] | CallError | MachineError],
) -> tuple[int, list[Found]]:
    size, found = answer
    if isinstance(found, Exception):
        raise found
    return size, found
