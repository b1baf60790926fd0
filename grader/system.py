"""What systems do differently: all that is not the same on Linux, macOS and Windows.

Grading other people's notebooks needs Linux. A student's own notebook needs nothing of it: where no
server can fork kernels, `grader check` starts an ordinary one.

    FORKS     processes can be forked: what a notebook defined can be asked after its run
    WATCHES   a process can be held by a descriptor (Linux): kernels can be forked by a server

What holds for one module alone stays in that module (control groups, namespaces, `prctl`).
"""

from __future__ import annotations

import asyncio
import importlib
import io
import os
import select
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.errors import MachineError

_LOOK_SECONDS = 0.02


def _found(name: str) -> Any:  # a module of one system, whose names another's type checker lacks
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


_fcntl: ModuleType | Any = _found("fcntl")
_msvcrt: ModuleType | Any = _found("msvcrt")  # Windows

FORKS = hasattr(os, "fork")
WATCHES = FORKS and hasattr(os, "pidfd_open")
WSL = (
    "On Windows, Linux comes with `wsl --install` (in PowerShell, as administrator); install the "
    "grader there, in Ubuntu, and call it there."
)


def must_fork(what: str) -> None:
    """Refuse what cannot be had without forks.

    Raises:
        MachineError: processes cannot be forked here; says what to do.
    """
    if not FORKS:
        raise MachineError(
            f"{what}: for this a notebook's process has to be forked, which this system cannot do. "
            f"Grade on Linux or macOS. {WSL} `grader check` works here."
        )


def must_watch(what: str) -> None:
    """Refuse what cannot be had without descriptors of processes.

    Raises:
        MachineError: they are not to be had here; says what to do.
    """
    if not WATCHES:
        raise MachineError(f"{what}: this needs Linux 5.3 or later. {WSL}")


def lock(descriptor: int) -> bool:
    """Lock an open file for as long as it is open; whether nobody else holds it."""
    try:
        if _fcntl is not None:
            _fcntl.flock(descriptor, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
        elif _msvcrt is not None:
            _msvcrt.locking(descriptor, _msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def lock_folder(folder: Path) -> int | None:
    """A descriptor that locks a folder; None where somebody else does, or folders have no locks."""
    if _fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    if lock(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def handed(end: socket.socket) -> dict[str, Any]:
    """What Popen has to be told so that a process inherits a socket, by the same number."""
    if os.name == "nt":
        end.set_inheritable(True)  # with `close_fds=False`, as jupyter_client starts kernels there
        return {}
    return {"pass_fds": (end.fileno(),)}


def transport() -> str:
    """How a kernel that starts by itself is reached: by files where that can be, else by ports."""
    return "ipc" if hasattr(socket, "AF_UNIX") else "tcp"


def new_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the loop of a slot, where the usual one does not wait for ZeroMQ (Windows)."""
    return asyncio.SelectorEventLoop if os.name == "nt" else None


def home(folder: Path) -> dict[str, str]:
    """The environment by which programs find a home folder, and here what else they cannot lack."""
    if os.name != "nt":
        return {"HOME": str(folder)}
    needed = ("COMSPEC", "PATHEXT", "PROGRAMDATA", "PROGRAMFILES", "SYSTEMDRIVE", "WINDIR")
    kept = {name: os.environ[name] for name in needed if name in os.environ}
    homes = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
    return kept | dict.fromkeys(homes, str(folder))


def speak_plainly() -> None:
    """Write UTF-8 to files and pipes; on Windows they would get the system's old code page."""
    for stream in (sys.stdout, sys.stderr):
        if os.name == "nt" and isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")


def ended(child: int, seconds: float) -> bool:
    """Whether a child process ends within that time; it is still to be waited for."""
    if WATCHES:
        descriptor = os.pidfd_open(child)
        try:
            return bool(select.select([descriptor], [], [], seconds)[0])
        finally:
            os.close(descriptor)
    until = time.monotonic() + seconds
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_SECONDS)
    return True
