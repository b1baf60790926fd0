"""Make a fork of a kernel harmless: nothing that it prints or shows reaches the notebook."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from IPython.core.displaypub import DisplayPublisher
from matplotlib.backend_bases import DrawEvent
from matplotlib.figure import Figure


class Sink:
    """A text stream that forgets what is written, as students' code may expect of `sys.stdout`."""

    encoding, errors, name, closed = "utf-8", "strict", "<stdout>", False

    def write(self, text: str) -> int:
        """Accept text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Accept lines."""
        for part in lines:
            self.write(part)

    def flush(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    def fileno(self) -> int:
        """The descriptor of standard output, which leads nowhere."""
        return 1

    def isatty(self) -> bool:
        """No terminal."""
        return False

    def writable(self) -> bool:
        """Everything may be written."""
        return True

    def readable(self) -> bool:
        """Nothing can be read."""
        return False

    def seekable(self) -> bool:
        """There is no position."""
        return False


class Nowhere(DisplayPublisher):
    """Displays nothing."""

    def publish(self, data: Any, *args: Any, **kwargs: Any) -> None:
        """Forget it."""

    def clear_output(self, wait: bool = False) -> None:
        """Nothing to clear."""

    def set_parent(self, parent: Any) -> None:
        """Nobody listens."""


def quieten(kernel: Any, keep_open: set[int]) -> None:
    """Cut a forked kernel off from its sockets, its streams and its signals."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    for descriptor in _sockets() - keep_open:
        os.dup2(nothing, descriptor, inheritable=False)
    sys.stdout = sys.__stdout__ = Sink()  # type: ignore[assignment, misc]
    sys.stderr = sys.__stderr__ = Sink()  # type: ignore[assignment, misc]
    shell = kernel.shell
    shell.display_pub = Nowhere(parent=shell)
    shell.displayhook.session = None
    shell.displayhook.msg = None
    # What is never shown need be neither formatted nor drawn: either costs more than the cells.
    shell.showtraceback = shell.showsyntaxerror = shell._showtraceback = _forget
    shell.display_formatter.format = _no_formats
    Figure.draw = _as_if_drawn
    kernel.session = None
    for callback in list(shell.events.callbacks["post_execute"]):
        if getattr(callback, "__name__", "") == "flush_figures":
            shell.events.unregister("post_execute", callback)


def _no_formats(shown: Any, *_: Any, **__: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """In place of a display formatter's `format`."""
    if isinstance(shown, Figure):
        _as_if_drawn(shown)
    return {}, {}


def _as_if_drawn(figure: Figure, renderer: Any = None) -> None:
    """In place of a figure's `draw`: who listens to drawing, as the probe does, hears of it."""
    DrawEvent("draw_event", figure.canvas, renderer)._process()  # type: ignore[arg-type]


def _forget(*_: Any, **__: Any) -> None:
    """In place of what shows an error."""


def _sockets() -> set[int]:
    """The descriptors above 2 that are sockets, zmq's among them."""
    found = set()
    try:
        listed = os.listdir("/proc/self/fd")  # noqa: PTH208
    except OSError:
        return found
    for entry in listed:
        try:
            if os.readlink(f"/proc/self/fd/{entry}").startswith("socket:"):  # noqa: PTH115
                found.add(int(entry))
        except OSError:
            continue
    return {descriptor for descriptor in found if descriptor > 2}
