"""One probe in one process: what each cell did, told after it on the channel."""

from __future__ import annotations

import builtins
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import torch

from .engine import renew_in_forks
from .figures import Figures
from .noted import Warned
from .passes import Passes
from .places import Place
from .serials import Serials
from .values import Values
from .wire import Channel


class Probe:
    """Observes the cells of a shell. Nothing here raises into the student's code."""

    def __init__(self, channel: Channel | None) -> None:
        self.channel = channel
        self.serials = Serials()
        self.values = Values(self.serials)
        self.place = Place()
        self.passes = Passes(self.values, self.place)
        self.figures = Figures(self.values)
        self.warned = Warned(self.place)
        self.failures: set[str] = set()
        self.own_names: dict[str, Any] = {}
        self.count = 0
        self.cell: Any = None
        self.at_first: Callable[[], None] | None = None
        self.inner: list[Any] = []
        self.began: dict[str, Began] = {}  # source of a cell → when it began for the last time
        self.since = perf_counter()

    def install(self) -> None:
        """Begin to listen; a part that cannot is named in every frame's `truncated`."""
        for part in (self.passes, self.figures, self.warned):
            try:
                part.install()
            except Exception as error:
                self.failures.add(f"probe:{type(error).__name__}")
        renew_in_forks()

    def attach(self, shell: Any) -> None:
        """Follow the cells of a shell: by its events, so that no frame of ours is on the stack."""
        self.shell = shell
        self.pid = os.getpid()
        self.own_names = dict(shell.user_ns_hidden)
        shell.events.register("pre_run_cell", self.before)
        shell.events.register("post_run_cell", self.after)

    def again(self, channel: Channel) -> None:
        """Start anew in a fork: another channel, no cells yet, nothing sent."""
        self.channel = channel
        self.pid = os.getpid()
        self.count, self.cell = 0, None
        self.values.remaining, self.values.known = Values(self.serials).remaining, set()
        self.values.pending.clear()
        self.values.told = {}
        self.values.begin_message()
        self.passes.take()
        self.passes.serial = 0
        self.figures.take()
        self.warned.take()

    def before(self, info: Any) -> None:
        """A cell begins; cells that magics run within it are part of it."""
        if self.cell is None:
            self.at_first, first = None, self.at_first
            if first is not None:
                first()
            self.cell = info
            self.began[info.raw_cell] = Began(self.shell.user_ns)
            compiler = self.shell.compile
            code = info.transformed_cell or info.raw_cell
            file = compiler.get_code_name(info.raw_cell, code, self.shell.execution_count)
            self.place.enter(file, info.raw_cell)
            self.inner.clear()
            self.since = perf_counter()
        elif len(self.inner) < 1000:
            self.inner.append(info)

    def after(self, result: Any) -> None:
        """A cell ended: tell what it did. A fork of the student's has no say."""
        if os.getpid() != self.pid:
            return
        seconds = perf_counter() - self.since
        if self.cell is not None and result is not None and not self._is_cell(result.info):
            return
        if self.cell is None:
            seconds = 0.0
        self.cell = None
        self.inner.clear()
        with undisturbed():
            try:
                self.tell(seconds, result)
            except Exception as error:
                self.give_up(error)
            self.count += 1

    def _is_cell(self, info: Any) -> bool:
        """Whether this is the cell, and not one that a magic ran within it.

        Where showing an error fails, IPython makes up another `info` for the same cell.
        """
        if info is self.cell:
            return True
        return all(info is not inner for inner in self.inner) and (
            info.raw_cell == self.cell.raw_cell
        )

    def tell(self, seconds: float, result: Any) -> None:
        """Send the frame of the cell that ended."""
        if result is None:  # something passed the shell by: what is in flight ended the cell
            error = sys.exc_info()[1]
        else:
            error = result.error_before_exec or result.error_in_exec
        events, total, cut = self.passes.take()
        drawn, more = self.figures.take()
        shown, rest = self.warned.take()
        names = self.values.namespace(self.shell.user_ns, self.own_names)
        arrays, truncated = self.values.end_message()
        frame = {
            "frame": "cell",
            "count": self.count,
            "seconds": seconds,
            "error": None if error is None else self.place.raised(error),
            "names": names,
            "events": events,
            "events_total": total,
            "figures": drawn,
            "warnings": shown,
            "truncated": sorted({*truncated, *cut, *more, *rest, *self.failures}),
        }
        if self.channel is not None:
            self.channel.send(frame, arrays)

    def give_up(self, error: Exception) -> None:
        """Send a frame that says only that the probe failed."""
        self.values.told = {}
        empty = {"names": {}, "events": [], "events_total": 0, "figures": [], "warnings": []}
        why = [f"probe:{type(error).__name__}"]
        frame = {"frame": "cell", "count": self.count, "seconds": 0.0, "error": None}
        if self.channel is not None:
            self.channel.send({**frame, **empty, "truncated": why}, {})


class Began:
    """What held when a cell began, which a cell that is run again cannot set right by itself.

    Args:
        names: the shell's namespace.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self.grad = torch.is_grad_enabled()
        self.dtype = torch.get_default_dtype()
        self.shadowing = _shadowing(names)

    def restore(self, names: dict[str, Any]) -> None:
        """Put the modes back; a name of Python's own stands for what it stood for."""
        torch.set_grad_enabled(self.grad)
        torch.set_default_dtype(self.dtype)
        for name in _shadowing(names) - self.shadowing:
            del names[name]


def _shadowing(names: dict[str, Any]) -> set[str]:
    return vars(builtins).keys() & names.keys() - {"__builtins__"}


@contextmanager
def undisturbed() -> Iterator[None]:
    """A block that an interrupt meant for the student's cell does not cut short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
