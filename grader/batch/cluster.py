"""Grading on an existing Dask cluster. Needs the extra `cluster`, on scheduler and workers too.

Between coordinator, scheduler and workers travel bytes of `grader.batch.wire`, in Dask's messages,
which are pickled: all of these trust each other (docs/security.md).
"""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self, cast

from distributed import Client, Future, KilledWorker, Worker, WorkerPlugin, get_worker

from grader.batch import wire
from grader.batch.one import Judged, not_graded
from grader.batch.station import Station
from grader.batch.work import Orders, Task
from grader.errors import CallError, MachineError

_RETRIES = 2  # of a task whose station ended; lost workers are Dask's to count
_WATCH_SECONDS = 1.0
CONNECT = "30s"
_ADDRESS = re.compile(r"(tcp|tls)://\S+:\d+")
_EXPECTED = (
    "--scheduler: expected the address of a Dask scheduler that runs, such as tcp://10.0.0.1:8786"
)
_LEAST_ROOM = 32  # so that a cluster that grows with its queue sees one


class StationPlugin(WorkerPlugin):
    """Keeps a station on every worker, those that come later among them."""

    station: Station

    def __init__(self, name: str, course: bytes) -> None:
        self.name = name
        self._course = course

    def setup(self, worker: Worker) -> None:
        """Have a station that starts with the first task."""
        self.station = Station(self._course, worker.state.nthreads)

    def teardown(self, worker: Worker) -> None:
        """End it."""
        self.station.close()

    def __getstate__(self) -> dict[str, Any]:
        """What travels: not the station."""
        return {"name": self.name, "_course": self._course}


def work(plugin: str, task: bytes) -> bytes:
    """Grade a task on the worker that this runs on.

    Raises:
        InternalError: the worker's station ended.
    """
    worker = get_worker()
    answer = cast("StationPlugin", worker.plugins[plugin]).station.ask(task)
    why = wire.refusal(answer)
    return answer if why is None else wire.cannot_bytes(f"{worker.address}: {why}")


class Cluster:
    """`Graders` that are the workers of a cluster. A context manager.

    A task whose worker is lost is graded by another. Stations stay warm from one task to the next
    and end with this object, or by themselves.

    Args:
        address: of the scheduler, such as `tcp://10.0.0.1:8786`.
        course: what the workers grade by.
        jobs: how many tasks are with them at most; by default as many as keep all threads busy.

    Raises:
        CallError: no scheduler answers at `address`.
        MachineError: the workers cannot be prepared.
    """

    def __init__(self, address: str, course: wire.Course, *, jobs: int | None = None) -> None:
        self._address = address
        self._orders: Orders = course.orders
        self._jobs = jobs
        self._futures: dict[int, tuple[Future[bytes], Task]] = {}
        self._done: SimpleQueue[int] = SimpleQueue()
        data = wire.course_bytes(course)
        self._name = f"grader-{secrets.token_hex(8)}"  # batches do not end each other's stations
        if not _ADDRESS.fullmatch(address):
            raise CallError(f"{_EXPECTED}, found {address}")
        try:
            self._client = Client(address, set_as_default=False, timeout=CONNECT)
        except (OSError, ValueError) as error:
            raise CallError(f"{_EXPECTED}, found nobody at {address}: {error}") from error
        try:
            self._client.register_plugin(StationPlugin(self._name, data))
        except Exception as error:
            self._client.close()
            raise MachineError(
                f"{address}: the workers cannot be prepared: {error}. Install grader[cluster] of "
                "the same version on scheduler and workers."
            ) from error

    @property
    def hands(self) -> int:
        """Threads of all workers that are there now."""
        threads: int = sum(self._client.nthreads().values())
        return min(threads, self._jobs or threads)

    @property
    def room(self) -> int:
        """Twice as many as there are hands, and never few."""
        return self._jobs or max(_LEAST_ROOM, 2 * self.hands)

    def give(self, number: int, task: Task) -> None:
        """Send a task."""
        data = wire.task_bytes(task)
        future = self._client.submit(work, self._name, data, pure=False, retries=_RETRIES)
        self._futures[number] = future, task
        future.add_done_callback(lambda _: self._done.put(number))

    def take(self) -> tuple[int, Judged]:
        """Wait for any that is done.

        Raises:
            MachineError: the scheduler is gone, or a worker lacks what grading needs.
        """
        while True:
            try:
                number = self._done.get(timeout=_WATCH_SECONDS)
                break
            except Empty:
                if self._client.status not in ("running", "connecting"):
                    raise self._gone() from None
        future, task = self._futures.pop(number)
        if future.cancelled():
            raise self._gone()
        try:
            return number, wire.judged_of(future.result())
        except MachineError:
            raise
        except Exception as error:  # of ours, of the workers', or of Dask's: never a zero
            orders = self._orders
            if isinstance(error, KilledWorker):
                error = MachineError("several workers were lost while they graded it")
            return number, not_graded(orders.assignment, task.seed, orders.language, error)

    def stop(self) -> None:
        """Have nothing more graded."""
        left = [future for future, _ in self._futures.values()]
        self._futures = {}
        with suppress(Exception):
            self._client.cancel(left)

    def _gone(self) -> MachineError:
        return MachineError(
            f"{self._address}: the connection to the scheduler was lost. What was graded is in the "
            "gradebook; call again to go on."
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(Exception):
            self._client.unregister_worker_plugin(self._name)
        self._client.close()
