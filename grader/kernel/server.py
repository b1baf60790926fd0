"""The fork server, seen from the trusted side: started once, then kernels come quickly."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Self

from grader import system
from grader.errors import MachineError
from grader.kernel import cgroups, sandbox
from grader.kernel.fonts import FontList
from grader.kernel.scratch import Scratch, sweep

_STEADY_SECONDS = 5.0
_ATTEMPTS = 5
_LONGEST_SECONDS = 10.0


class KernelServer:
    """A warm process that forks kernels. A context manager: at its end all of them are gone.

    `address` is the path of the socket that `ForkedProvisioner` connects to. Starting does not wait
    for the server's imports: who connects early waits. A server that dies is started again, at the
    same address.

    Args:
        layers: of isolation (`sandbox.LAYERS`); None for all that this machine offers.
        preload: modules that every kernel finds imported, beside torch and what comes with it.
        once: it is for one notebook, so that it leaves out what pays only for more.

    Raises:
        MachineError: a layer that was asked for cannot be had, or kernels cannot be forked here.
    """

    def __init__(
        self,
        layers: Collection[str] | None = None,
        preload: Sequence[str] = (),
        *,
        once: bool = False,
    ) -> None:
        system.must_watch("kernels that are kept warm")
        self._serve = "--serve-once" if once else "--serve"
        self._preload = tuple(preload)
        self._layers = sandbox.choose(layers)
        self.isolation = sandbox.names(self._layers)
        self._hierarchy = cgroups.find() if "cgroup" in self._layers else None
        if "cgroup" in self._layers and self._hierarchy is None:
            raise MachineError("isolation layer cgroup: it was there a moment ago, and now is not")
        sweep()
        self._scratch = Scratch({})
        self.address = str(self._scratch.runtime / "server")
        if self._hierarchy is not None:
            cgroups.sweep(self._hierarchy)
        self._owner = f"{os.getpid()}-{id(self):x}"
        sandbox.Orders(
            luggage="bubblewrap" in self._layers or "namespaces" in self._layers,
            owner=self._owner,
            hierarchy=self._hierarchy,
            isolation=self.isolation,
        ).write(self.address)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.address)
        self._listener.listen(128)
        self._process: subprocess.Popen[bytes] | None = None
        self._closing = False
        self._begun = threading.Event()
        # Processes that die with their parent die with the thread that made them: this one.
        self._keeper = threading.Thread(target=self._keep, name="kernel-server", daemon=True)
        self._keeper.start()
        self._begun.wait()
        self._fonts = FontList()

    def _keep(self) -> None:
        """Start the server, and again when it died; one that never lives long is given up."""
        left = _ATTEMPTS
        while left and not self._closing:
            begin = time.monotonic()
            try:
                process = self._process = self._start()
            except OSError:
                break
            finally:
                self._begun.set()
            if self._closing:
                _kill(process)
            process.wait()
            left = _ATTEMPTS if time.monotonic() - begin > _STEADY_SECONDS else left - 1
        # Nobody listens any more: who connects is refused instead of waiting.
        self._listener.close()

    def _start(self) -> subprocess.Popen[bytes]:
        number = self._listener.fileno()
        arguments = (self._serve, str(number), *self._preload)
        with sandbox.Start(self._scratch, self._layers, *arguments, handed=[number]) as start:
            return subprocess.Popen(
                start.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=start.folder,
                env=start.environment,
                pass_fds=start.descriptors,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether the process runs, or will in a moment."""
        return self._keeper.is_alive()

    def close(self) -> None:
        """End the server and its kernels. One that still imports has none: nobody waits for it."""
        self._closing = True
        process = self._process
        ready = False
        if process is not None and process.stdin is not None and process.stdout is not None:
            look = select.poll()
            look.register(process.stdout, select.POLLIN)
            ready = bool(look.poll(0))
            process.stdin.close()
            try:
                process.wait(timeout=_LONGEST_SECONDS if ready else 0)
            except subprocess.TimeoutExpired:
                _kill(process)
            process.stdout.close()
        self._keeper.join(_LONGEST_SECONDS)
        if self._hierarchy is not None:
            cgroups.remove(self._hierarchy, self._owner)
        self._fonts.close(at_once=not ready)
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


def _kill(process: subprocess.Popen[bytes]) -> None:
    """And what bubblewrap has made, which may not have asked yet to die with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
