"""Limits on a fork of the reference worker, how it is ended, and what its end means."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import sys
import time

import psutil

from grader import system


def kill(child: int, after: float = 0.0) -> None:
    """Kill a fork and what it started, `after` seconds from now unless it has ended by then."""
    if after and system.ended(child, after):
        return
    for send in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            send(child, signal.SIGKILL)


def cause(status: int) -> str:
    """Why a fork ended without an answer, as `Expectation.error`; `status` as from waitpid."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number in (signal.SIGPROF, signal.SIGXCPU):
            return "timeout"
        if number == signal.SIGKILL:  # the machine's own last resort
            return "memory"
        return f"raised: Crash: {signal.Signals(number).name}"
    code = os.WEXITSTATUS(status)
    return f"raised: SystemExit: {code}"


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; on Linux alone it can be asked."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(0)


def limit_memory(memory_bytes: int) -> None:
    """So much address space beyond what is in use now."""
    import resource  # noqa: PLC0415 - there are no forks where there is none

    limit = psutil.Process().memory_info().vms + memory_bytes
    with contextlib.suppress(ValueError):  # macOS knows the limit but does not take it
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_seconds(seconds: float) -> None:
    """So much CPU time from now on; the kernel ends the fork, whatever it is doing."""
    import resource  # noqa: PLC0415

    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    used = time.process_time()
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + seconds) + 1, hard))
