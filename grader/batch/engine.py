"""Many notebooks in flight, and every result in the gradebook as soon as it is known.

Threads grade; the calling thread alone reads and writes the gradebook and the reports. A batch may
end at any moment: what is recorded stays, what is not is pending, and no state lies anywhere else.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from queue import SimpleQueue

from grader.batch.crew import Crew
from grader.batch.events import Begun, Event, Finished, Outcome, Started
from grader.batch.one import Judged, judged, not_graded
from grader.batch.place import Place
from grader.batch.reports import page, page_path
from grader.errors import CallError, InternalError, MachineError
from grader.gradebook import Gradebook
from grader.model.exercise import Assignment
from grader.model.record import Attempt, Specification, Wanted, Work
from grader.pipeline import Graded, diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import to_json
from grader.spec import to_stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a batch grades.

    Attributes:
        assignment: what the submissions answer.
        companions: the course's files that lie beside every notebook; they go before those that
            students hand in under the same name.
        seed: of the batch; a submission's own follows from it and from its content.
        jobs: how many notebooks are in flight.
        attempts: which of a student's attempts are graded.
        language: of reports and results; each notebook's own when None.
        server: address of the kernels' fork server; None for kernels without walls.
    """

    assignment: Assignment
    companions: Mapping[str, bytes] = field(default_factory=dict)
    seed: int
    jobs: int
    attempts: Wanted = "latest"
    language: str | None = None
    server: str | None = None


def seed_of(seed: int, assignment: str, content: str) -> int:
    """The seed of one content: the same whenever and in whatever order it is graded."""
    digest = hashlib.sha256(f"batch:{seed}:{assignment}:{content}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """One content, of one or several students, with its files."""

    works: tuple[Work, ...]
    name: str
    files: Mapping[str, bytes] = field(repr=False)
    seed: int
    began: float


Done = tuple[_Task, Judged]


def run(
    book: Gradebook,
    settings: Settings,
    references: ReferenceProcess,
    place: Place,
    *,
    crew: Crew,
    tell: Callable[[Event], None],
) -> None:
    """Grade everything that is pending; what was not graded by a fault of ours is, too.

    The same content is graded once, whoever handed it in. `references` is asked by several threads
    at once. An exception, Ctrl-C among them, leaves the threads to `crew`:
    they end when the fork server is closed, and nothing of theirs is recorded.

    Raises:
        CallError, MachineError: the gradebook or the folder cannot be written.
    """
    assignment = settings.assignment
    stamp = to_stamp(assignment, "en")
    book.specify(Specification(assignment.spec_hash, assignment.id, assignment.due, stamp))
    works = book.pending(
        assignment.id, assignment.spec_hash, attempts=settings.attempts, retry=True
    )
    wanted = _wanted(book.attempts(assignment.id).values(), settings.attempts)
    tell(Begun(len(works), wanted - len(works), settings.jobs))
    groups = _groups(works)
    desk = _Desk(book, place, settings)
    todo: SimpleQueue[_Task | None] = SimpleQueue()
    done: SimpleQueue[Done] = SimpleQueue()
    threads = min(settings.jobs, len(groups))
    for _ in range(threads):
        crew.hire(lambda: _serve(todo, done, settings, references, crew))

    def launch() -> None:
        if groups:
            task = _task(book, groups.popleft(), settings)
            for work in task.works:
                tell(Started(work.submission, work.student, work.attempt))
            todo.put(task)

    try:
        left = len(groups)
        for _ in range(threads):
            launch()
        for _ in range(left):
            task, outcome = done.get()
            launch()
            for work in task.works:
                tell(desk.record(task, work, outcome))
    except BaseException:
        crew.stop()
        raise
    finally:
        for _ in range(threads):
            todo.put(None)


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


def _task(book: Gradebook, works: tuple[Work, ...], settings: Settings) -> _Task:
    name, files = book.files(works[0].submission)
    seed = seed_of(settings.seed, settings.assignment.id, works[0].content)
    return _Task(works, name, files, seed, time.monotonic())


def _serve(
    todo: SimpleQueue[_Task | None],
    done: SimpleQueue[Done],
    settings: Settings,
    references: ReferenceProcess,
    crew: Crew,
) -> None:
    """Grade one task after the other: the life of a thread."""
    while (task := todo.get()) is not None:
        try:
            outcome = _judge(task, settings, references, crew)
        except BaseException as error:  # whatever it is, the others go on
            outcome = not_graded(settings.assignment, task.seed, settings.language, error)
        done.put((task, outcome))
        del task, outcome  # not kept while waiting for the next


def _judge(task: _Task, settings: Settings, references: ReferenceProcess, crew: Crew) -> Judged:
    beside = {name: data for name, data in task.files.items() if name != task.name}

    def once() -> Graded:
        if crew.stopped:
            raise InternalError("the batch was stopped")  # which nobody waits for any more
        return grade(
            task.files[task.name],
            task.name,
            settings.assignment,
            references,
            seed=task.seed,
            companions=beside | dict(settings.companions),
            language=settings.language,
            server=settings.server,
        )

    return judged(once, settings.assignment, task.seed, settings.language)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where results are written down."""

    book: Gradebook
    place: Place
    settings: Settings

    def record(self, task: _Task, work: Work, outcome: Judged) -> Finished:
        """Write down one student's result; what cannot be written costs this one only."""
        try:
            self._keep(work, outcome)
        except (CallError, MachineError):
            raise  # it is the folder or the gradebook, and would be so for everybody
        except Exception as error:
            assignment, language = self.settings.assignment, self.settings.language
            outcome = not_graded(assignment, task.seed, language, error)
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
            seconds=time.monotonic() - task.began,
            reason=outcome.reason,
            fault=outcome.fault,
        )

    def _keep(self, work: Work, outcome: Judged) -> None:
        """The page first, then the commit: what is in the book has its page."""
        result = replace(outcome.result, student=work.student)
        body = to_json(result, result.language, diagnosis_texts(result))
        shown = page(result, body, outcome.observed, self.settings.assignment)
        self.place.write(page_path(self.place, work.student), shown)
        self.book.record(work.submission, result, body, outcome.observed)
