"""The threads that grade. They outlive a batch that is stopped by what they still wait for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

_LEAVE_SECONDS = 15.0


class Crew:
    """Threads that are waited for at the end. A context manager, around the one of the fork server.

    When the server is closed, kernels are gone and every thread's notebook ends soon; `stopped`
    tells them to begin nothing more.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def stopped(self) -> bool:
        """Whether the batch is over."""
        return self._stop.is_set()

    def hire(self, work: Callable[[], None]) -> None:
        """Let a thread do `work`."""
        thread = threading.Thread(target=work, name=f"grading-{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stop.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        end = time.monotonic() + _LEAVE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
