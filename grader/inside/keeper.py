"""A keeper: the kernel as it was at the end of an exercise, which answers questions.

It is a fork, or the kernel itself where nothing more is to be run and it is `alone`.

Calls have a fork of their own, and so has a rerun unless it is the last question; a fork's frames
come over a socket pair and are passed on whole, and at its limit it is killed. The last rerun takes
place in the keeper itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from time import clock_gettime, monotonic
from typing import Any, NoReturn

from .answers import Modes, answer_call, answer_rerun
from .confine import hold_signals
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


def keep(probe: Probe, kernel: Any, end: socket.socket) -> int:
    """Fork a keeper and return its pid; it reads `end`, which the kernel closes."""
    with contextlib.suppress(Exception):  # whatever a student put in their place
        sys.stdout.flush()
        sys.stderr.flush()
    child = os.fork()
    if child == 0:
        become(probe, kernel, end)
    end.close()
    return child


def alone() -> bool:
    """Whether a fork of this process would lack nothing of it: neither threads nor timers."""
    try:
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    except OSError:
        return False
    timers = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
    return threads == 1 and not any(signal.getitimer(timer)[0] for timer in timers)


def become(probe: Probe, kernel: Any, end: socket.socket) -> NoReturn:
    """Be a keeper from now on, which ends with the last question."""
    try:
        end.setblocking(True)
        if probe.channel is not None:
            probe.channel.close()
        quieten(kernel, keep_open={end.fileno()})
        # The loop that called this runs no more: a cell that awaits needs one that does.
        asyncio.events._set_running_loop(None)
        serve(probe, kernel, end)
    finally:
        os._exit(0)


def serve(probe: Probe, kernel: Any, end: socket.socket) -> None:
    """Answer questions until the socket is closed, or one was said to be the last."""
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
        kind = ask.get("ask")
        if kind == "calls":
            left = ask["calls"]
            while left:
                left = left[_calls(ask, left, arrays, channel, probe, kernel) :]
        elif kind == "rerun" and ask["last"]:
            # Nobody needs the state any more, so it need not be copied.
            _rerun_in_place(ask, arrays, Channel(end, patience=3600.0), probe, kernel)
            return
        elif kind == "rerun":
            _rerun(ask, arrays, channel, probe, kernel)


def _calls(  # noqa: PLR0917
    ask: Message, calls: list[Message], arrays: Arrays, channel: Channel, probe: Probe, kernel: Any
) -> int:
    """Have a fork answer calls in turn, until one of them ends it; how many have an answer now."""

    def answer(own: socket.socket) -> None:
        modes = Modes()
        for call in calls:
            modes.restore()
            answer_call(call, arrays, Channel(own, patience=3600.0), probe, kernel)

    fork = Fork(answer, ask, channel)
    try:
        for answered, call in enumerate(calls):
            status = fork.relay("call")
            if status is not None:
                _last_call(call, status, channel, fork.failure)
                return answered + 1
    finally:
        fork.end()
    return len(calls)


def _rerun(ask: Message, arrays: Arrays, channel: Channel, probe: Probe, kernel: Any) -> None:
    """Have a fork run cells again."""

    def answer(own: socket.socket) -> None:
        answer_rerun(ask, arrays, Channel(own, patience=3600.0), probe, kernel)

    fork = Fork(answer, ask, channel)
    try:
        status = fork.relay("rerun")
        if status is not None:
            channel.send({"frame": "rerun", "id": ask["id"], "status": status}, {})
    finally:
        fork.end()


def _rerun_in_place(
    ask: Message, arrays: Arrays, channel: Channel, probe: Probe, kernel: Any
) -> None:
    """Run cells again in this process; at the limit of CPU time the system ends it."""
    _limit_cpu(ask["seconds"])
    hold_signals()
    answer_rerun(ask, arrays, channel, probe, kernel)


def _last_call(call: Message, status: str, channel: Channel, error: Any) -> None:
    frame = {"frame": "call", "id": call["id"], "status": status}
    channel.send(frame | {"returned": None, "gradients": {}, "error": error}, {})


class Fork:
    """A fork that works an answer out; its frames are passed on whole.

    Args:
        answer: what it does, given the socket for its frames.
        ask: `seconds` of CPU time for each frame that is waited for, and `wall` by the clock.
        channel: where its frames go.
    """

    def __init__(
        self, answer: Callable[[socket.socket], None], ask: Message, channel: Channel
    ) -> None:
        self.channel, self.ask = channel, ask
        self.ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.ours.close()
                channel.close()
                _die_with_parent()
                _limit_cpu(ask["seconds"] * len(ask.get("calls", "1")))
                hold_signals()
                answer(theirs)
            except BaseException as error:  # ours, not the student's
                message = f"{type(error).__name__}: {error}"[:2000]
                failed = {"type": f"probe:{type(error).__name__}", "text": message, "line": None}
                Channel(theirs).send({"frame": "failed", "error": failed}, {})
            finally:
                os._exit(0)
        theirs.close()
        self.ours.setblocking(False)
        self.poll = select.poll()
        self.poll.register(self.ours, select.POLLIN)
        self.buffer = bytearray()
        self.failure: Any = None

    def relay(self, last: str) -> str | None:
        """Pass frames on up to the next one named `last`; what to say instead of it, if anything.

        Whatever else it says is not passed on when it has failed.
        """
        time = Time(self.pid, self.ask["seconds"], self.ask["wall"])
        while True:
            while (whole := _first(self.buffer)) is not None:
                message, _ = parse(whole)
                if message["frame"] == "failed":
                    self.failure = message["error"]
                    return "crashed"
                self.channel.pass_on(whole)
                if message["frame"] == last:
                    return None
            left = time.left()
            if left <= 0:
                return "timeout"
            if not self.poll.poll(left * 1000):
                continue
            try:
                part = self.ours.recv(1 << 20)
            except BlockingIOError:
                continue
            except ConnectionError:
                return "crashed"
            if not part:
                return "crashed"
            self.buffer += part

    def end(self) -> None:
        """Kill it and wait until it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.ours.close()


class Time:
    """What a fork may still use of its limits: `seconds` of CPU time, `wall` seconds that pass."""

    def __init__(self, pid: int, seconds: float, wall: float) -> None:
        # A process's CPU clock by its pid is Linux's own; elsewhere what has passed must do.
        self.clock = (~pid << 3) | 2 if sys.platform == "linux" else None
        self.seconds = seconds
        self.used = self._clock()
        self.begin = monotonic()
        self.end = self.begin + wall

    def left(self) -> float:
        """Seconds in which nothing can have run out; 0 or less when something has."""
        now = monotonic()
        left = self.seconds - (now - self.begin)
        if left <= 0 and self.clock is not None:
            left = self.seconds - (self._clock() - self.used)
            left = max(left, 0.05) if left > 0 else left
        return min(left, self.end - now)

    def _clock(self) -> float:
        """CPU time used; 0 of a process that has ended, as its socket will say."""
        try:
            return 0.0 if self.clock is None else clock_gettime(self.clock)
        except OSError:
            return 0.0


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
