"""The process of a reference worker (`grader.reference.worker`), as its parent holds it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from typing import Any, BinaryIO, cast

from grader.reference import wire

_WORKER = "import gc; gc.disable(); from grader.reference.worker import main; main()"
_ENDING_SECONDS = 0.5


class Child:
    """A worker that was started, and imports torch until its first message is due."""

    def __init__(self) -> None:
        self._complaints = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env={**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
        )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def send(self, message: bytes) -> None:
        """Say something.

        Raises:
            OSError: it does not listen.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(message)
        self._process.stdin.flush()

    def exchange(self, message: bytes) -> tuple[dict[str, Any], wire.Unpacker] | None:
        """Ask something. None where no answer came: then it is dead."""
        try:
            self.send(message)
            reply = wire.read(cast("BinaryIO", self._process.stdout))
        except (OSError, wire.WireError):
            reply = None
        if reply is None:
            self._process.kill()
            self._process.wait()
        return reply

    def complaint(self) -> str:
        """The end of what it complained of."""
        self._complaints.seek(0)
        return self._complaints.read()[-1000:].decode(errors="replace").strip() or "no message"

    def close(self, *, at_once: bool = False) -> None:
        """End it and wait until it is gone; `at_once` where it was asked nothing."""
        streams = (self._process.stdin, self._process.stdout)
        with contextlib.suppress(OSError):
            cast("BinaryIO", streams[0]).close()  # it ends what references started, and then itself
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0 if at_once else _ENDING_SECONDS)
        self._process.kill()
        self._process.wait()
        for stream in streams:
            with contextlib.suppress(OSError):
                cast("BinaryIO", stream).close()
        self._complaints.close()
