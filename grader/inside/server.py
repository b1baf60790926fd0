"""A process that has imported what notebooks import, and forks a kernel for each connection.

`python .../inside/launch.py --serve LISTENER`: LISTENER is the descriptor of a listening unix
stream socket. With `--serve-once`, nothing is prepared that pays only for more than one notebook.

A client connects and sends one message, JSON `{"seed", "env", "cwd"}`, with descriptors beside it:
of the probe's socket and of the line's, over which cells are run. It is told `{"pid"}` with a pidfd
beside it once its walls stand, and `{"exit", "peak_memory_bytes", "cpu_seconds"}` when the kernel
has ended; if that comes alone, it did not start. When the client shuts its side down, every process
of the kernel's namespace (or session, without namespaces) is killed and reaped, and then the server
closes the connection. When standard input ends, so does the server, with all its kernels.

With walls (`confine.Walls`), the request says `"limits"` too, and `"archive": true` when the last
descriptor is that of a tar file for the working folder; paths below the folder in which `HOME` lies
become paths in the kernel's own.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from .confine import Nursery, Place, Walls, adopt_orphans, confine, pipe_in
from .kernel import run_forked
from .warm import prepare, prepare_for_many

_MAX_MESSAGE = 1 << 18
_MAX_DESCRIPTORS = 64
_IDLE_SECONDS = 1.0


@dataclass
class Client:
    """A connection, and the kernel that was forked for it."""

    connection: socket.socket
    pid: int | None = None
    place: Place | None = None
    reaped: bool = False
    leaving: bool = False


def serve(
    listener_descriptor: int, walls: Walls, more: tuple[str, ...] = (), *, once: bool = False
) -> None:
    """Serve until standard input ends; a line on standard output says that it begins."""
    told = os.dup(1)
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 1)  # what an import prints is not for whoever started this
    listener = socket.socket(fileno=listener_descriptor)
    listener.setblocking(False)
    # Keepers outlive the kernel that forked them; without namespaces they become our children.
    adopt_orphans()
    app = prepare(more, once=once)
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    sys.path[:] = [entry for entry in sys.path if entry != here]
    os.write(told, b"\n")
    os.close(told)
    Server(listener, app, walls, once=once).loop()


class Server:
    """The loop: one thread, so that a fork copies nothing half done."""

    def __init__(
        self, listener: socket.socket, app: Any, walls: Walls, *, once: bool = False
    ) -> None:
        self.listener = listener
        self.app = app
        self.walls = walls
        self.nursery = Nursery() if "namespaces" in walls else None
        self.selector = selectors.DefaultSelector()
        self.clients: dict[int, Client] = {}
        self.forks = 0
        self.unprepared = not once
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
            idle = self.forks and not self.clients and self.unprepared
            ready = self.selector.select(_IDLE_SECONDS if idle else None)
            if idle and not ready:
                self.expect_many()
            for key, _ in ready:
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

    def expect_many(self) -> None:
        """Be ready for many kernels. It takes seconds: not before the first, if possible."""
        if self.unprepared:
            self.unprepared = False
            prepare_for_many(self.app.shell)

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
                client.connection, _MAX_MESSAGE, _MAX_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
            )
        except OSError:
            data, descriptors = b"", []
        if client.pid is not None or not data:
            for descriptor in descriptors:
                os.close(descriptor)
            self.dismiss(client)
            return
        place: AbstractContextManager[Place | None] = nullcontext()
        if self.nursery is not None:
            place = self.nursery.place()
        self.forks += 1
        if self.forks > 1:
            self.expect_many()
        try:
            request = json.loads(data)
            with place as client.place:
                client.pid = os.fork()
                if client.pid == 0:
                    self.become_kernel(client, request, descriptors)
        except (ValueError, OSError):
            self.dismiss(client)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def become_kernel(self, own: Client, request: dict[str, Any], descriptors: list[int]) -> None:
        """In the child: leave everything of the server behind, and be a kernel. Never returns."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.selector.close()
            for end in (self.listener, self.alarm, self.wakeup):
                end.close()
            for client in self.clients.values():
                if client is not own:
                    client.connection.close()
                if client.place is not None and client.place.lifeline >= 0:
                    os.close(client.place.lifeline)
            if self.nursery is not None:
                os.close(self.nursery.own)
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            os.close(nothing)
            archive = descriptors.pop() if request.get("archive") else None
            origin = os.path.dirname(request["env"]["HOME"])  # noqa: PTH120
            root = confine(self.walls, request.get("limits", {}), archive, origin)
            os.environ.clear()
            for name, value in request["env"].items():
                os.environ[name] = value.replace(origin, root)
            pipe_in(f"{root}/run")
            self.tell_started(own)
            os.chdir(request["cwd"].replace(origin, root))
            tempfile.tempdir = None
            # ipykernel's own launcher leaves the working directory first on the path
            if sys.path[:1] != [""]:
                sys.path.insert(0, "")
            run_forked(self.app, request["seed"], descriptors)
        finally:
            os._exit(1)

    def tell_started(self, client: Client) -> None:
        """In the child, whose walls stand: hand its pidfd to the client, and let go of it."""
        handle = os.pidfd_open(os.getpid())
        told = json.dumps({"pid": os.getpid()}).encode()
        socket.send_fds(client.connection, [told], [handle])
        os.close(handle)
        client.connection.close()

    def reap(self) -> None:
        """Collect the dead; tell the clients of those that were kernels."""
        by_pid = {client.pid: client for client in self.clients.values()}
        firsts = {c.place.first: c.place for c in self.clients.values() if c.place is not None}
        while True:
            try:
                pid, status, usage = os.wait3(os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid in firsts:
                firsts[pid].gone = True
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
        if client.place is not None:
            client.place.end()
            # What was killed is reaped on its SIGCHLD, and then this is tried again.
            if not client.place.gone or not (client.reaped or client.pid is None):
                self.quiet(client)
                return
        elif client.pid is not None:
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
