"""How many notebooks this machine grades at once."""

from __future__ import annotations

import os

import psutil

EACH_BYTES = 150 << 20  # a slot, its kernel and the keepers, which share most of their pages


def jobs() -> int:
    """One more than there are cores, because a notebook also waits; fewer where memory is short."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    free: int = psutil.virtual_memory().available
    return max(1, min((cores or 1) + 1, free // EACH_BYTES))
