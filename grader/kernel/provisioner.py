"""The seam at which kernels are started: as a local process, or by the fork server.

Both hand the kernel its end of the probe's socket (`probe`) and a scrubbed `environment`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import math
import os
import select
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Dict, Instance, Int, Unicode

from grader import system
from grader.kernel.cgroups import Group
from grader.kernel.sandbox import Orders, host_pid
from grader.model.exercise import Limits

_STARTUP_SECONDS = 600  # the server may be importing; one that dies closes the connection
_GRACE_SECONDS = 30.0  # a server answers at once, unless the machine is busy
_MAX_ANSWER = 4096
_PROCESS_SECONDS = 3600  # of CPU time of one process; what a cell may use is bounded elsewhere


class ObservedProvisioner(LocalProvisioner):
    """Starts the kernel as an ordinary process of its own, which imports everything anew."""

    environment = Dict().tag(config=True)
    probe = Instance(socket.socket).tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Everything Popen needs: a scrubbed environment and the descriptors to inherit."""
        kwargs = await super().pre_launch(**kwargs)
        channel = {"GRADER_CHANNEL": str(self.probe.fileno())}
        return kwargs | system.handed(self.probe) | {"env": dict(self.environment) | channel}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch, then close the kernel's end on our side so that its death closes the socket."""
        info = await super().launch_kernel(cmd, **kwargs)
        self.probe.close()
        return info

    def peak_memory_bytes(self) -> int:
        """The kernel's peak resident memory so far; 0 where the system does not tell."""
        return peak_of(self.pid)

    def cpu_seconds(self, *, descendants: bool = True) -> float | None:
        """CPU time of the kernel and what is below it; None when it is gone."""
        try:
            return cpu_of(psutil.Process(self.pid), descendants=descendants) if self.pid else None
        except psutil.Error:
            return None

    def out_of_memory(self) -> bool:
        """Whether it was ended for want of memory: not known of an ordinary process."""
        return False

    def kill_main(self) -> None:
        """End the kernel itself, not its keepers."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def kill_all(self) -> None:
        """End every process of the kernel's session, and wait until they are gone."""
        self.kill_main()
        if not self.pgid:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pgid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            # Keepers became our children when the kernel died (see `adopt_orphans`).
            while True:
                os.waitpid(-self.pgid, 0)


class ForkedProvisioner(LocalProvisioner):
    """Has the fork server at `server` fork the kernel. The connection is the kernel's life line.

    Cells are run over `line`, the kernel's end of a socket pair. It has no heart to beat: that it
    lives is seen by its pidfd; it is interrupted by signals, and cannot ask for input.
    """

    server = Unicode().tag(config=True)
    seed = Int().tag(config=True)
    environment = Dict().tag(config=True)
    probe = Instance(socket.socket).tag(config=True)
    line = Instance(socket.socket).tag(config=True)
    limits = Instance(Limits).tag(config=True)
    _connection: socket.socket | None = None
    _pidfd: int | None = None
    _process: psutil.Process | None = None
    _group: Group | None = None
    _told: Mapping[str, Any] | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Nothing is to be connected to, and nothing is to be run."""
        self.connection_info = {}
        return {"cmd": [], "cwd": kwargs["cwd"]}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Ask for a kernel; the server may still be importing."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(True)
        connection.settimeout(_STARTUP_SECONDS)
        connection.connect(self.server)
        orders = Orders.of(self.server)
        archive = orders.pack(Path(kwargs["cwd"]))
        request = {
            "limits": asdict(self.limits) | {"cpu_seconds": _PROCESS_SECONDS},
            "archive": archive is not None,
            "seed": self.seed,
            "env": dict(self.environment),
            "cwd": kwargs["cwd"],
        }
        handed = [self.probe, self.line]
        ends = [end.fileno() for end in handed]
        if archive is not None:
            ends.append(archive.fileno())
        socket.send_fds(connection, [json.dumps(request).encode()], ends)
        # A slot has nothing else to do meanwhile.
        answer, descriptors, _, _ = socket.recv_fds(connection, _MAX_ANSWER, 1)
        for end in handed:
            end.close()
        if archive is not None:
            archive.close()
        if not descriptors:
            connection.close()
            raise OSError("the fork server did not start a kernel")
        self.pid = int(json.loads(answer)["pid"])
        self._pidfd = descriptors[0]
        self._connection = connection
        self._group = orders.bound(self._pidfd, self.limits)
        self.cwd = kwargs["cwd"]
        return self.connection_info

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started."""
        return self._pidfd is not None

    async def poll(self) -> int | None:
        """None while the kernel lives; 0 when it does not."""
        return None if self._alive(0) else 0

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        while self._alive(0):
            await asyncio.sleep(0.01)
        return 0

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel itself."""
        self._signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel itself."""
        self._signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel itself to end."""
        self._signal(signal.SIGTERM)

    def _alive(self, seconds: float) -> bool:
        if self._pidfd is None:
            return False
        return not select.select([self._pidfd], [], [], seconds)[0]

    def _signal(self, signum: int) -> None:
        if self._pidfd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signum)

    def peak_memory_bytes(self) -> int:
        """The kernel's peak resident memory, as the server told at its end; 0 before that."""
        return int((self._told or {}).get("peak_memory_bytes", 0))

    def peak_memory_bytes_so_far(self) -> int:
        """The same, of a kernel that lives."""
        try:
            return 0 if self._pidfd is None else peak_of(host_pid(self._pidfd))
        except OSError:
            return 0

    def cpu_seconds(self, *, descendants: bool = True) -> float | None:
        """CPU time of the kernel and what is below it; None when it is gone."""
        if self._pidfd is None:
            return None
        try:
            if self._process is None:
                self._process = psutil.Process(host_pid(self._pidfd))
            used = cpu_of(self._process, descendants=descendants)
        except (OSError, psutil.Error):
            return None
        return used if self._alive(0) else None  # else the number may be another process's by now

    def out_of_memory(self) -> bool:
        """Whether its group used up its memory and lost a process by that."""
        return self._group is not None and self._group.overrun()

    def kill_main(self) -> None:
        """End the kernel itself, not its keepers, and hear from the server what it used."""
        if self._pidfd is None or self._connection is None or self._told is not None:
            return
        self._signal(signal.SIGKILL)
        self._alive(_GRACE_SECONDS)
        self._connection.settimeout(_GRACE_SECONDS)
        self._told = {}  # what was waited for in vain is not waited for again
        with contextlib.suppress(OSError, ValueError):
            self._told = json.loads(self._connection.recv(_MAX_ANSWER))

    def kill_all(self) -> None:
        """End every process of the kernel's session, and wait until they are gone."""
        self.kill_main()
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_WR)
                while self._connection.recv(_MAX_ANSWER):
                    pass
            self._connection.close()
            self._connection = None
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        if self._group is not None:
            self._group.release()
            self._group = None


def peak_of(pid: int | None) -> int:
    """A process's peak resident memory so far, in bytes; 0 where the system does not tell."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123
            lines = dict(line.split(":", 1) for line in status if ":" in line)
        return int(lines["VmHWM"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return 0


def cpu_of(process: psutil.Process, *, descendants: bool) -> float:
    """CPU time of a process and of those below it, waited for or living.

    Without `descendants`, those that live are left out, which is quick.

    Raises:
        psutil.Error: it is gone.
    """
    below = process.children(recursive=True) if descendants else []
    total = math.fsum(process.cpu_times()[:4])
    for child in below:
        with contextlib.suppress(psutil.Error):
            total += math.fsum(child.cpu_times()[:4])
    return total


def adopt_orphans() -> None:
    """Have processes whose parent died become children of this one, so that it can reap them.

    Linux only (`PR_SET_CHILD_SUBREAPER`, prctl(2)); elsewhere init reaps them.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
