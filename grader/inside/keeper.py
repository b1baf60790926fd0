"""A keeper: a fork of the kernel as it was at the end of an exercise, which answers questions.

It runs none of the student's code itself. Each question has a fork of its own, whose frames come
over a socket pair and are passed on whole; at its limit it is killed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from time import clock_gettime, monotonic
from typing import Any

from .answers import answer_call, answer_rerun
from .probe import Probe
from .quiet import quieten
from .wire import (
    BLOB_LIMIT,
    HEADER,
    JSON_LIMIT,
    MAGIC,
    Arrays,
    Channel,
    Message,
    parse,
    receive,
)


def keep(probe: Probe, kernel: Any, descriptor: int, others: list[int]) -> bool:
    """Fork a keeper that is nobody's child here; it reads `descriptor`, the kernel closes it."""
    sys.stdout.flush()
    sys.stderr.flush()
    first = os.fork()
    if first:
        os.close(descriptor)
        os.waitpid(first, 0)
        return True
    try:
        if os.fork() == 0:
            end = socket.socket(fileno=descriptor)
            end.setblocking(True)
            for other in others:
                os.close(other)
            if probe.channel is not None:
                probe.channel.close()
            quieten(kernel, keep_open={descriptor})
            serve(probe, kernel, end)
    finally:
        os._exit(0)


def serve(probe: Probe, kernel: Any, end: socket.socket) -> None:
    """Answer questions until the socket is closed."""
    arrays: Arrays = {}
    channel = Channel(end)
    while True:
        end.settimeout(None)
        got = receive(end)
        if got is None:
            return
        ask, fresh = got
        arrays.update(fresh)
        end.settimeout(20.0)
        answer(ask, arrays, channel, probe, kernel)


def answer(ask: Message, arrays: Arrays, channel: Channel, probe: Probe, kernel: Any) -> None:
    """Put one question to a fork, and pass its frames on, the last one by its limit."""
    kinds: dict[Any, Callable[..., None]] = {"call": answer_call, "rerun": answer_rerun}
    kind = kinds.get(ask.get("ask"))
    if kind is None:
        return
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            ours.close()
            channel.close()
            _die_with_parent()
            _limit_cpu(ask["seconds"])
            kind(ask, arrays, Channel(theirs, patience=3600.0), probe, kernel)
        except BaseException as error:  # ours, not the student's
            message = f"{type(error).__name__}: {error}"[:2000]
            failed = {"type": f"probe:{type(error).__name__}", "text": message, "line": None}
            _last(ask, "crashed", Channel(theirs), error=failed)
        finally:
            os._exit(0)
    theirs.close()
    try:
        status = _relay(ours, channel, ask["ask"], Time(child, ask["seconds"], ask["wall"]))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        ours.close()
    if status is not None:
        _last(ask, status, channel)


class Time:
    """What a fork may still use of its limits: `seconds` of CPU time, `wall` seconds that pass."""

    def __init__(self, pid: int, seconds: float, wall: float) -> None:
        # A process's CPU clock by its pid is Linux's own; elsewhere what has passed must do.
        self.clock = (~pid << 3) | 2 if sys.platform == "linux" else None
        self.seconds = seconds
        self.begin = monotonic()
        self.end = self.begin + wall

    def left(self) -> float:
        """Seconds in which nothing can have run out; 0 or less when something has."""
        now = monotonic()
        left = self.seconds - (now - self.begin)
        if left <= 0 and self.clock is not None:
            try:
                left = self.seconds - clock_gettime(self.clock)
            except OSError:  # it has ended, and its socket will say so
                left = 1.0
            left = max(left, 0.05) if left > 0 else left
        return min(left, self.end - now)


def _relay(ours: socket.socket, channel: Channel, last: str, time: Time) -> str | None:
    """Pass frames on up to the one named `last`; what to say instead of that one, if anything."""
    buffer = bytearray()
    poll = select.poll()
    poll.register(ours, select.POLLIN)
    ours.setblocking(False)
    while (left := time.left()) > 0:
        if not poll.poll(left * 1000):
            continue
        try:
            part = ours.recv(1 << 20)
        except BlockingIOError:
            continue
        except ConnectionError:
            return "crashed"
        if not part:
            return "crashed"
        buffer += part
        while (whole := _first(buffer)) is not None:
            channel.pass_on(whole)
            if parse(whole)[0]["frame"] == last:
                return None
    return "timeout"


def _last(ask: Message, status: str, channel: Channel, error: Any = None) -> None:
    frame = {"frame": ask["ask"], "id": ask["id"], "status": status}
    if ask["ask"] == "call":
        frame |= {"returned": None, "gradients": {}, "error": error}
    channel.send(frame, {})


def _limit_cpu(seconds: float) -> None:
    """Should the keeper die first, a loop that never ends does so all the same."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    whole = int(used.ru_utime + used.ru_stime + seconds) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard == resource.RLIM_INFINITY or whole < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (whole, hard))


def _die_with_parent() -> None:
    """A fork whose keeper is gone has nobody to answer (Linux: PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _first(buffer: bytearray) -> bytes | None:
    """Take the first whole frame off a buffer."""
    if len(buffer) < HEADER.size:
        return None
    magic, text, blob = HEADER.unpack_from(buffer)
    if magic != MAGIC or text > JSON_LIMIT or blob > BLOB_LIMIT:
        raise ValueError("not a frame")
    size = HEADER.size + text + blob
    if len(buffer) < size:
        return None
    whole = bytes(buffer[:size])
    del buffer[:size]
    return whole
