"""Forks of the reference worker, in which everything of an author's runs: limited, and replaced."""

from __future__ import annotations

import contextlib
import io
import os
import select
import threading
import time
from collections.abc import Callable, Collection, Iterable
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol, cast

from grader import system
from grader.model.expectation import Request
from grader.reference import wire
from grader.reference.limits import cause, die_with, kill, limit_memory, limit_seconds
from grader.reference.wire import Json, Packer

SLEEPER = 10.0  # wall-clock limit in multiples of the CPU limit, for those who sleep
RETRY = 77  # exit status of a fork that ran out of memory after other requests
LONGEST = 256
"""Requests that one fork answers: nothing that an author's code leaves behind gathers for ever."""
Task = Callable[[Request], Json]
Outcome = tuple[Json, wire.Unpacker] | str


class Answering(Protocol):
    """What answers the requests of one task, in their order."""

    answered: int
    """How many it was asked. Where a later one fails, an earlier one may be to blame."""

    @property
    def alive(self) -> bool:
        """Whether it can be asked again."""

    def ask(self, request: Request) -> Outcome:
        """The answer, or why there is none."""

    def started(self) -> bool:
        """Whether a process that it started runs, as far as the system tells."""

    def close(self) -> None:
        """End it."""


class Fork:
    """A fork of this process that answers, one request after another, until one ends it.

    Each may take `seconds` of CPU time; all together `memory_bytes` more than this process has.
    `wires` are descriptors that it must not hold.
    """

    def __init__(
        self, task: Task, seconds: float, memory_bytes: int, wires: Iterable[int] = ()
    ) -> None:
        self._seconds = seconds
        self.answered = 0
        asked, ask = os.pipe()
        answered, answer = os.pipe()
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            for number in (ask, answered, *wires):
                os.close(number)
            _be_the_fork(task, (asked, answer), seconds, memory_bytes, parent)
        os.close(asked)
        os.close(answer)
        os.set_blocking(ask, False)
        self._to: FileIO | None = os.fdopen(ask, "wb", buffering=0)
        self._from = os.fdopen(answered, "rb", buffering=0)

    def ask(self, request: Request) -> Outcome:
        """The answer, or why there is none; after an end without one it answers nothing more."""
        packer = Packer()
        self.answered += 1
        question = {"number": self.answered, "request": packer.request(request)}
        until = time.monotonic() + SLEEPER * self._seconds
        outcome = self._sent(wire.dump(question, packer), until) or self._next(until)
        if isinstance(outcome, tuple) and outcome[0].get("number") != self.answered:
            outcome = None  # of another question: something else speaks in its place
        if not isinstance(outcome, tuple):
            status = self._end()
            return outcome or cause(status)
        error = outcome[0]["error"]
        return outcome if error is None else str(error)

    def started(self) -> bool:
        """Whether a process that it started runs, as far as the system tells."""
        try:
            return bool(Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text())
        except OSError:
            return False

    @property
    def alive(self) -> bool:
        """Whether it can be asked again."""
        return self._to is not None

    def close(self) -> None:
        """Kill it and what it started, and reap it."""
        if self.alive:
            self._end()

    def _sent(self, message: bytes, until: float) -> Literal["timeout"] | None:
        """None where it was delivered, or cannot be: then there will be no answer, either."""
        assert self._to is not None
        left = memoryview(message)
        while left:
            try:
                left = left[os.write(self._to.fileno(), left) :]
            except BlockingIOError:
                ready = self._ready(until, writing=(self._to.fileno(),))
                if not ready:
                    return "timeout"
                if self._to.fileno() not in ready:
                    return None
            except BrokenPipeError:
                return None
        return None

    def _next(self, until: float) -> tuple[Json, wire.Unpacker] | Literal["timeout"] | None:
        ready = self._ready(until, reading=(self._from.fileno(),))
        if not ready:
            return "timeout"
        if self._from.fileno() in ready:
            with contextlib.suppress(wire.WireError):
                message = wire.read(cast("BinaryIO", self._from))
                if message is not None:
                    return message
        kill(self._pid, after=10.0)  # it is ending; it must not take its time
        return None

    def _ready(
        self, until: float, reading: Collection[int] = (), writing: Collection[int] = ()
    ) -> set[int]:
        """Which of them can be gone on with; none when the time is over.

        A pipe stays open while anything that a reference started lives, so the fork itself is
        watched, too.
        """
        watched = os.pidfd_open(self._pid) if system.WATCHES else None
        try:
            reading = [*reading] if watched is None else [*reading, watched]
            left = max(0.0, until - time.monotonic())
            found = select.select(reading, writing, [], left)
        finally:
            if watched is not None:
                os.close(watched)
        return {*found[0], *found[1]}

    def _end(self) -> int:
        """Its status; of one that lives, that of being killed."""
        assert self._to is not None
        self._to.close()
        self._to = None
        self._from.close()
        ended, status = os.waitpid(self._pid, os.WNOHANG)
        kill(self._pid)
        return status if ended else os.waitpid(self._pid, 0)[1]


class Unforked:
    """Answers of this process, which ends at the limit of time; for systems without `fork`.

    Who grades there grades a notebook of their own, by a reference that is in their hands.
    """

    answered = 0  # whatever fails would fail again: another one is the same process

    def __init__(self, task: Task, seconds: float) -> None:
        self._task = task
        self._seconds = seconds

    def ask(self, request: Request) -> Outcome:
        """The answer, or what was raised."""
        end = threading.Timer(SLEEPER * self._seconds, os._exit, [1])
        end.daemon = True
        end.start()
        answer = guarded(self._task, request)
        end.cancel()
        error = answer["error"]
        said = wire.read(io.BytesIO(wire.dump(answer, answer.pop("packer", None))))
        assert said is not None
        return said if error is None else str(error)

    @property
    def alive(self) -> bool:
        """Always: what ends it ends this process."""
        return True

    def started(self) -> bool:
        """Not asked for: there are no limits here either."""
        return False

    def close(self) -> None:
        """It ends with the process."""


def _be_the_fork(
    task: Task, pipes: tuple[int, int], seconds: float, memory_bytes: int, parent: int
) -> None:
    """Answer what is asked until nothing is any more, then end; never returns."""
    try:
        os.setpgid(0, 0)
        die_with(parent)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        limit_memory(memory_bytes)
        with os.fdopen(pipes[0], "rb") as questions, os.fdopen(pipes[1], "wb") as stream:
            own = os.getpid()
            while (message := wire.read(questions)) is not None:
                limit_seconds(seconds)
                number = message[0]["number"]
                said = guarded(task, message[1].request(message[0]["request"]))
                if os.getpid() != own:
                    return  # a fork of the author's own that came back to here
                if said["error"] == "memory" and number > 1:
                    os._exit(RETRY)
                packer: Any = said.pop("packer", None)
                stream.write(wire.dump(said | {"number": number}, packer))
                stream.flush()
    finally:
        os._exit(0)


def guarded(task: Task, request: Request) -> Json:
    """What the task says, or what it raised."""
    try:
        return task(request)
    except BaseException as error:
        return {"key": request.key, "error": describe(error)}


class BrokenReferenceError(Exception):
    """A reference file cannot be imported; the text is the error of the answer."""


def describe(error: BaseException) -> str:
    """An exception as `Expectation.error`."""
    text = str(error)
    if isinstance(error, BrokenReferenceError):
        return text
    if isinstance(error, MemoryError) or "can't allocate memory" in text:
        return "memory"
    return f"raised: {type(error).__name__}: {text}"[:2000]
