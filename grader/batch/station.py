"""A warm grader beside a worker of a cluster: `grader.cli.station`, as the worker sees it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from concurrent.futures import Future
from itertools import count
from typing import BinaryIO, cast

from grader.batch import wire
from grader.errors import InternalError


class Station:
    """A process of its own, because workers may be daemons, which cannot make processes as we do.

    It is started by the first question, and by the next one after it ended. It ends when the worker
    does, however that ends: its standard input is closed then.

    Args:
        course: what it grades by (`wire.course_bytes`).
        jobs: how many notebooks it grades at the same time.
    """

    def __init__(self, course: bytes, jobs: int) -> None:
        self._course = course
        self._jobs = jobs
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: dict[int, Future[bytes]] = {}
        self._numbers = count()

    def ask(self, task: bytes) -> bytes:
        """What came of a task, as it is sent. Several threads may ask at once.

        Raises:
            InternalError: the process ended meanwhile.
        """
        answer: Future[bytes] = Future()
        with self._lock:
            if self._process is None:
                self._start()
            number = next(self._numbers)
            self._waiting[number] = answer
            self._send(wire.numbered(number, task))
        return answer.result()

    def close(self) -> None:
        """Tell the process to end, with all that it started; does not wait."""
        with self._lock:
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.close()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grader.cli.station", str(self._jobs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._send(wire.numbered(None, self._course))
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def _send(self, data: bytes) -> None:
        """Say something; a process that is gone is noticed by who listens."""
        if self._process is not None and self._process.stdin is not None:
            view = memoryview(data)
            with contextlib.suppress(OSError, ValueError):
                while view:
                    view = view[self._process.stdin.write(view) :]

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Hand out answers as they come; at the end, say so to those who still wait."""
        stream = cast("BinaryIO", process.stdout)
        said = None
        while (cover := wire.read(stream)) is not None:
            number, message = wire.opened(cover)
            if number is None:
                said = message
                continue
            with self._lock:
                answer = self._waiting.pop(number)
            answer.set_result(message)
        with self._lock:
            self._process = None
            left, self._waiting = self._waiting, {}
        code = process.wait()
        stream.close()
        for answer in left.values():
            if said is None:
                answer.set_exception(InternalError(f"a station ended with exit code {code}"))
            else:
                answer.set_result(said)
