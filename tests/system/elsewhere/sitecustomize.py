"""Makes Linux look like Windows to the grader's own code, in every process that has it on its path.

Modules, functions and constants that Windows does not have are missing for `grader` and `inside`;
Python's own and other people's modules, which know both systems, see this one as it is.
"""

from __future__ import annotations

import builtins
import importlib
import multiprocessing
import os
import signal
import socket
import sys
from types import ModuleType
from typing import Any

MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "termios"}
NAMES = {
    os: {
        "fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "getpgid", "killpg", "setsid",
        "setpgid", "setpgrp", "pidfd_open", "waitid", "P_PID", "WEXITED", "WNOWAIT", "WNOHANG",
        "WIFSIGNALED", "WTERMSIG", "WEXITSTATUS", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC",
        "mkfifo", "uname", "sched_getaffinity", "chown", "statvfs", "getloadavg", "pipe2",
    },
    signal: {
        "SIGKILL", "SIGHUP", "SIGPROF", "SIGXCPU", "SIGSTOP", "SIGALRM", "SIGUSR1", "setitimer",
        "ITIMER_PROF", "pthread_sigmask", "pidfd_send_signal",
    },
    socket: {"AF_UNIX", "SCM_RIGHTS", "send_fds", "recv_fds"},
}  # fmt: skip


def ours(depth: int) -> bool:
    """Whether the grader's own code asks."""
    name = str(sys._getframe(depth).f_globals.get("__name__", ""))
    return name.split(".", maxsplit=1)[0] in ("grader", "inside")


def without(names: set[str]) -> type[ModuleType]:
    """A kind of module that lacks these names where the grader's code asks for them."""

    class Without(ModuleType):
        def __getattribute__(self, name: str) -> Any:
            if name in names and ours(2):
                raise AttributeError(name)
            return super().__getattribute__(name)

    return Without


for module, names in NAMES.items():
    module.__class__ = without(names)

_import, _import_module = builtins.__import__, importlib.import_module


def import_(name: str, *arguments: Any, **more: Any) -> Any:
    if name in MODULES and ours(2):
        raise ModuleNotFoundError(f"No module named {name!r}")
    return _import(name, *arguments, **more)


def import_module(name: str, package: str | None = None) -> Any:
    if name in MODULES and ours(2):
        raise ModuleNotFoundError(f"No module named {name!r}")
    return _import_module(name, package)


builtins.__import__, importlib.import_module = import_, import_module
multiprocessing.get_all_start_methods = lambda: ["spawn"]
if "GRADER_TEST_PYTHON" in os.environ:
    sys.executable = os.environ["GRADER_TEST_PYTHON"]  # kernels are told nothing by PYTHONPATH
