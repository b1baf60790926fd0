"""Many notebooks in flight, and every result in the gradebook as soon as it is known.

Others grade (`grader.batch.work.Graders`); the calling thread alone reads and writes the gradebook
and the reports. A batch may end at any moment: what is recorded stays, what is not is pending, and
no state lies anywhere else.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from grader.batch.early import Trial
from grader.batch.events import Begun, Event, Finished, Outcome, Started
from grader.batch.one import Judged, not_graded
from grader.batch.place import Place
from grader.batch.reports import page, page_path
from grader.batch.work import Graders, Orders, Task
from grader.errors import CallError, MachineError
from grader.gradebook import Gradebook
from grader.model.record import Attempt, Specification, Wanted, Work
from grader.pipeline import diagnosis_texts
from grader.report import to_json
from grader.spec import to_stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a batch grades.

    Attributes:
        orders: what the submissions are graded by.
        seed: of the batch; that of the runs follows from it and from what was handed in.
        attempts: which of a student's attempts are graded.
        keep_going: go on even when the first notebooks all fail by a fault of the grader.
    """

    orders: Orders
    seed: int
    attempts: Wanted = "latest"
    keep_going: bool = False


def seed_of(seed: int, assignment: str, contents: Iterable[str]) -> int:
    """The seed of contents that are graded together, in whatever order, now or later.

    One for all: everybody is asked about the same hidden inputs, and the reference only once. What
    is handed in later, when reports may have shown them, makes another.
    """
    together = ",".join(sorted(set(contents)))
    digest = hashlib.sha256(f"batch:{seed}:{assignment}:{together}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


@dataclass(frozen=True, slots=True)
class _Given:
    """A content that is being graded: whose it is, and since when."""

    works: tuple[Work, ...]
    seed: int
    began: float


def run(
    book: Gradebook,
    settings: Settings,
    graders: Graders,
    place: Place,
    *,
    tell: Callable[[Event], None],
) -> None:
    """Grade everything that is pending; what was not graded by a fault of ours is, too.

    The same content is graded once, whoever handed it in. `graders` are told to stop at the end,
    and by an exception, Ctrl-C among them; nothing of theirs is recorded after that.

    Raises:
        CallError, MachineError: the gradebook or the folder cannot be written, or nobody is left
            who could grade.
        InternalError: nothing but faults of the grader came out (`grader.batch.early`).
    """
    assignment = settings.orders.assignment
    stamp = to_stamp(assignment, "en")
    book.specify(Specification(assignment.spec_hash, assignment.id, assignment.due, stamp))
    book.reuse(assignment.id, assignment.spec_hash, attempts=settings.attempts)
    works = book.pending(
        assignment.id, assignment.spec_hash, attempts=settings.attempts, retry=True
    )
    handed = book.attempts(assignment.id).values()
    seed = seed_of(settings.seed, assignment.id, (a.content for mine in handed for a in mine))
    wanted = _wanted(handed, settings.attempts)
    before = wanted - len(works)
    tell(Begun(len(works), before, graders.hands))
    trial = Trial(worked=before > 0 or settings.keep_going)
    groups = _groups(works)
    desk = _Desk(book, place, settings.orders)
    given: dict[int, _Given] = {}

    def fill() -> None:
        while groups and len(given) < graders.room:
            works = groups.popleft()
            name, files = book.files(works[0].submission)
            number = works[0].submission
            given[number] = _Given(works, seed, time.monotonic())
            for work in works:
                tell(Started(work.submission, work.student, work.attempt))
            graders.give(number, Task(name, files, seed))

    try:
        fill()
        while given:
            number, outcome = graders.take()
            one = given.pop(number)
            fill()
            for work in one.works:
                tell(desk.record(one, work, outcome))
            trial.add(outcome)
    finally:
        graders.stop()


def _wanted(handed: Collection[Sequence[Attempt]], attempts: Wanted) -> int:
    """How many submissions are to have a result in the end."""
    if attempts in ("latest", "first"):
        return len(handed)
    return len({attempt.submission for mine in handed for attempt in mine})


def _groups(works: Iterable[Work]) -> deque[tuple[Work, ...]]:
    """Works of one content together; a notebook and a script of the same bytes are not the same."""
    found: dict[tuple[str, bool], list[Work]] = {}
    for work in works:
        script = work.notebook.lower().endswith(".py")
        found.setdefault((work.content, script), []).append(work)
    return deque(tuple(group) for group in found.values())


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where results are written down."""

    book: Gradebook
    place: Place
    orders: Orders

    def record(self, given: _Given, work: Work, outcome: Judged) -> Finished:
        """Write down one student's result; what cannot be written costs this one only."""
        try:
            self._keep(work, outcome)
        except (CallError, MachineError):
            raise  # it is the folder or the gradebook, and would be so for everybody
        except Exception as error:
            orders = self.orders
            outcome = not_graded(orders.assignment, given.seed, orders.language, error)
            self._keep(work, outcome)
        result = outcome.result
        kind: Outcome = "graded" if result.status == "graded" else "not_graded"
        return Finished(
            number=work.submission,
            student=work.student,
            attempt=work.attempt,
            outcome="refused" if outcome.reason is not None else kind,
            score=result.score,
            max_score=result.max_score,
            run=None if outcome.observed is None else result.run.status,
            seconds=time.monotonic() - given.began,
            reason=outcome.reason,
            fault=outcome.fault,
        )

    def _keep(self, work: Work, outcome: Judged) -> None:
        """The page first, then the commit: what is in the book has its page."""
        result = replace(outcome.result, student=work.student)
        body = to_json(result, result.language, diagnosis_texts(result))
        shown = page(result, body, outcome.observed, self.orders.assignment)
        self.place.write(page_path(self.place, work.student), shown)
        self.book.record(work.submission, result, body, outcome.observed)
