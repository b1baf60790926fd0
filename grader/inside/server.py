"""A process that has imported what notebooks import, and forks a kernel for each connection.

`python .../inside/launch.py --serve LISTENER`: LISTENER is the descriptor of a listening unix
stream socket. A client connects and sends one message, JSON `{"argv", "env", "cwd"}`, with the
descriptors of the kernel's channel and keepers beside it. It is told `{"pid"}` with a pidfd beside
it, and `{"exit", "peak_memory_bytes", "cpu_seconds"}` when the kernel has ended. When the client
shuts its side down, every process of the kernel's session is killed and reaped, and then the server
closes the connection. When standard input ends, so does the server, with all its kernels.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

PRELOAD = (
    "numpy",
    "torch",
    "torch.fx.experimental.symbolic_shapes",
    "matplotlib.figure",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.font_manager",
    "matplotlib.legend",
    "matplotlib_inline.backend_inline",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "inside.kernel",
)
_MAX_MESSAGE = 1 << 18
_MAX_DESCRIPTORS = 64


@dataclass
class Client:
    """A connection, and the kernel that was forked for it."""

    connection: socket.socket
    pid: int | None = None
    reaped: bool = False
    leaving: bool = False


def preload() -> None:
    """Import everything that notebooks will need, and keep its pages shared."""
    for name in PRELOAD:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def serve(listener_descriptor: int) -> None:
    """Serve until standard input ends."""
    listener = socket.socket(fileno=listener_descriptor)
    listener.setblocking(False)
    if sys.platform == "linux":
        # Keepers outlive the kernel that forked them; they become children of this process.
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    preload()
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    sys.path[:] = [entry for entry in sys.path if entry != here]
    Server(listener).loop()


class Server:
    """The loop: one thread, so that a fork copies nothing half done."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.selector = selectors.DefaultSelector()
        self.clients: dict[int, Client] = {}
        self.alarm, wakeup = socket.socketpair()
        for end in (self.alarm, wakeup):
            end.setblocking(False)
        self.wakeup = wakeup
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
        self.selector.register(listener, selectors.EVENT_READ)
        self.selector.register(self.alarm, selectors.EVENT_READ)
        self.selector.register(0, selectors.EVENT_READ)

    def loop(self) -> None:
        """Take what comes."""
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.listener:
                    with contextlib.suppress(OSError):
                        self.greet(self.listener.accept()[0])
                elif key.fileobj is self.alarm:
                    with contextlib.suppress(BlockingIOError):
                        self.alarm.recv(4096)
                    self.reap()
                elif key.fileobj == 0:
                    if not os.read(0, 1024):
                        self.end()
                elif key.fd in self.clients:
                    self.hear(self.clients[key.fd])

    def greet(self, connection: socket.socket) -> None:
        """Remember a new connection."""
        connection.setblocking(True)
        connection.settimeout(10)
        self.clients[connection.fileno()] = Client(connection)
        self.selector.register(connection, selectors.EVENT_READ)

    def hear(self, client: Client) -> None:
        """The request, or the end."""
        try:
            data, descriptors, _, _ = socket.recv_fds(
                client.connection, _MAX_MESSAGE, _MAX_DESCRIPTORS
            )
        except OSError:
            data, descriptors = b"", []
        if client.pid is not None or not data:
            for descriptor in descriptors:
                os.close(descriptor)
            self.dismiss(client)
            return
        try:
            request = json.loads(data)
            pid = os.fork()
            if pid == 0:
                self.become_kernel(request, descriptors)
        except (ValueError, OSError):
            self.dismiss(client)
            return
        for descriptor in descriptors:
            os.close(descriptor)
        client.pid = pid
        with contextlib.suppress(OSError):
            handle = os.pidfd_open(pid)
            socket.send_fds(client.connection, [json.dumps({"pid": pid}).encode()], [handle])
            os.close(handle)

    def become_kernel(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """In the child: leave everything of the server behind, and be a kernel. Never returns."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.selector.close()
            for end in (self.listener, self.alarm, self.wakeup):
                end.close()
            for client in self.clients.values():
                client.connection.close()
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            os.close(nothing)
            os.environ.clear()
            os.environ.update(request["env"])
            os.environ["GRADER_CHANNEL"] = str(descriptors[0])
            os.environ["GRADER_KEEPERS"] = ",".join(map(str, descriptors[1:]))
            os.chdir(request["cwd"])
            tempfile.tempdir = None
            # ipykernel's own launcher leaves the working directory first on the path
            if sys.path[:1] != [""]:
                sys.path.insert(0, "")
            from .kernel import run  # noqa: PLC0415

            sys.argv = request["argv"]
            run(sys.argv)
        finally:
            os._exit(1)

    def reap(self) -> None:
        """Collect the dead; tell the clients of those that were kernels."""
        by_pid = {client.pid: client for client in self.clients.values()}
        while True:
            try:
                pid, status, usage = os.wait3(os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            client = by_pid.get(pid)
            if client is None or client.reaped:
                continue
            client.reaped = True
            told = {
                "exit": os.waitstatus_to_exitcode(status),
                "peak_memory_bytes": usage.ru_maxrss * 1024,
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
            }
            with contextlib.suppress(OSError):
                client.connection.send(json.dumps(told).encode())
        for client in [c for c in self.clients.values() if c.leaving]:
            self.dismiss(client)

    def dismiss(self, client: Client) -> None:
        """Kill the kernel's session; close the connection once nothing of it is left."""
        client.leaving = True
        if client.pid is not None:
            try:
                os.killpg(client.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            else:
                # What was killed is reaped on its SIGCHLD, and then this is tried again.
                self.quiet(client)
                return
        self.quiet(client)
        self.clients.pop(client.connection.fileno(), None)
        client.connection.close()

    def quiet(self, client: Client) -> None:
        """Listen to a connection no longer."""
        with contextlib.suppress(KeyError, ValueError):
            self.selector.unregister(client.connection)

    def end(self) -> None:
        """Kill every kernel and leave."""
        for client in self.clients.values():
            if client.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(client.pid, signal.SIGKILL)
        os._exit(0)
