"""The fork server, seen from the trusted side: started once, then kernels come quickly."""

from __future__ import annotations

import socket
import subprocess
import sys
from types import TracebackType
from typing import Self

from grader.kernel.scratch import Scratch


class KernelServer:
    """A warm process that forks kernels. A context manager: at its end all of them are gone.

    `address` is the path of the socket that `ForkedProvisioner` connects to. Starting does not wait
    for the server's imports: who connects early waits.
    """

    def __init__(self) -> None:
        self._scratch = Scratch({})
        self.address = str(self._scratch.runtime / "server")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(self.address)
            listener.listen(128)
            self._process = subprocess.Popen(
                [sys.executable, str(self._scratch.launcher), "--serve", str(listener.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self._scratch.work,
                env=self._scratch.environment(),
                pass_fds=(listener.fileno(),),
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the server and all its kernels."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._scratch.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
