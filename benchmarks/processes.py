"""What processes use: CPU time, memory as the sum of PSS, descriptors."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

import psutil


def family(pid: int | None = None) -> list[psutil.Process]:
    """A process (this one when None) and all its descendants."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """CPU time of processes and of those of their children that they have reaped."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def pss_bytes(processes: Iterable[psutil.Process]) -> int:
    """Memory of processes, a shared page counted once among those that share it.

    Raises:
        OSError: the kernel does not tell, or not us.
    """
    total = 0
    for process in processes:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii")
            lines = [line for line in text.splitlines() if line.startswith("Pss:")]
            total += 1024 * sum(int(line.split()[1]) for line in lines)
    return total


def descriptors(processes: Iterable[psutil.Process]) -> int:
    """Open descriptors of processes."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.num_fds()
    return total
