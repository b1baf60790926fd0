"""Grading on this machine: threads, each with one notebook in flight."""

from __future__ import annotations

from queue import SimpleQueue

from grader.batch.crew import Crew
from grader.batch.one import Judged, judged, not_graded
from grader.batch.work import Orders, Task
from grader.errors import InternalError
from grader.pipeline import Graded, grade
from grader.reference import ReferenceProcess


class Local:
    """`Graders` that are threads of this process, over one fork server and one reference process.

    An exception in the one who gives, Ctrl-C among them, leaves the threads to `crew`: they end
    when the fork server is closed, and nothing of theirs is taken.

    Args:
        orders: what the tasks are graded by.
        references: asked by several threads at once.
        crew: sees the threads out.
        jobs: how many notebooks are in flight.
        server: address of the kernels' fork server; None for kernels without walls.
    """

    def __init__(
        self,
        orders: Orders,
        references: ReferenceProcess,
        *,
        crew: Crew,
        jobs: int,
        server: str | None,
    ) -> None:
        self._orders = orders
        self._references = references
        self._crew = crew
        self._server = server
        self._hired = 0
        self._todo: SimpleQueue[tuple[int, Task] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, Judged]] = SimpleQueue()
        self.hands = jobs
        self.room = jobs + 1

    def give(self, number: int, task: Task) -> None:
        """Have a task graded; a thread is made for each of the first ones."""
        if self._hired < self.hands:
            self._hired += 1
            self._crew.hire(self._serve)
        self._todo.put((number, task))

    def take(self) -> tuple[int, Judged]:
        """Wait for any that is done."""
        return self._done.get()

    def stop(self) -> None:
        """Begin nothing more; threads that wait for a task end."""
        self._crew.stop()
        for _ in range(self._hired):
            self._todo.put(None)

    def _serve(self) -> None:
        """Grade one task after the other: the life of a thread."""
        while (given := self._todo.get()) is not None:
            number, task = given
            try:
                outcome = self._judge(task)
            except BaseException as error:  # whatever it is, the others go on
                orders = self._orders
                outcome = not_graded(orders.assignment, task.seed, orders.language, error)
            self._done.put((number, outcome))
            del given, task, outcome  # not kept while waiting for the next

    def _judge(self, task: Task) -> Judged:
        orders = self._orders
        beside = {name: data for name, data in task.files.items() if name != task.name}

        def once() -> Graded:
            if self._crew.stopped:
                raise InternalError("the batch was stopped")  # which nobody waits for any more
            return grade(
                task.files[task.name],
                task.name,
                orders.assignment,
                self._references,
                seed=task.seed,
                companions=beside | dict(orders.companions),
                language=orders.language,
                server=self._server,
            )

        return judged(once, orders.assignment, task.seed, orders.language)
