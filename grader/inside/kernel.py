"""An ordinary ipykernel with a probe attached, and keepers forked from it on request."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from IPython.core import pylabtools
from tornado.ioloop import IOLoop

from .displays import without_displays
from .probe import Probe
from .seeds import seed
from .wire import Channel, unblock

if hasattr(os, "fork"):  # else nothing can be kept, and nobody asks for it
    import resource

    from .keeper import alone, become, keep

OPTIONS = (
    # Colours are stripped later, and cost most of a traceback.
    "--InteractiveShell.colors=nocolor",
    # A tight box is found by drawing once more, and packing tighter takes as long as drawing.
    "--InlineBackend.print_figure_kwargs="
    "{'bbox_inches': None, 'pil_kwargs': {'compress_level': 1}}",
)
"""What every kernel is told, however it is started."""


@dataclass
class Setup:
    """What the process was started with."""

    channel: int | None
    seed: int | None

    @classmethod
    def from_environment(cls) -> Setup:
        """Take the variables out of the environment."""
        channel = os.environ.pop("GRADER_CHANNEL", "")
        number = os.environ.pop("GRADER_SEED", "")
        return cls(
            int(channel) if channel else None,
            int(number) if number else None,
        )


def run(argv: list[str]) -> None:
    """Start the kernel of this process and serve until it is told to stop."""
    setup = Setup.from_environment()
    spec = find_spec("ipykernel_launcher")
    if spec is not None and spec.origin:
        argv[0] = spec.origin
    app: Any = IPKernelApp.instance()
    app.initialize([*argv[1:], *OPTIONS])
    observe(app.kernel, setup)
    app.start()


def run_forked(app: Any, seed: int, descriptors: list[int]) -> None:
    """Be a kernel, in a fork of a process that called `warm.prepare`.

    Args:
        app: what that gave.
        descriptors: of the probe's socket; of the line's.
    """
    app.become(socket.socket(fileno=descriptors[1]))
    setup = Setup(descriptors[0], seed)
    observe(app.kernel, setup, app.probe)
    app.start()


def observe(kernel: Any, setup: Setup, probe: Probe | None = None) -> Probe:
    """Attach a probe to a kernel that has not run a cell yet, and say that it is ready."""
    import matplotlib  # noqa: PLC0415
    import torch  # noqa: PLC0415

    backend = os.environ.get("MPLBACKEND")
    if backend:  # a server that imported matplotlib before it knew
        matplotlib.rcParams["backend"] = backend
    channel = Channel.of(setup.channel) if setup.channel is not None else None
    if probe is None:
        probe = Probe(None)
        probe.install()
        pylabtools.print_figure = probe.figures.sparing(pylabtools.print_figure)
    probe.channel = channel
    unblock()  # whoever started this may block them, and it is interrupted by a signal
    one_text_of_errors(kernel.shell)
    without_displays(kernel.shell)
    # `exit()` would end the kernel a tenth of a second later, in the middle of some other cell.
    kernel.shell.unobserve_all("exit_now")
    probe.attach(kernel.shell)
    number = setup.seed
    if number is not None:
        # Between here and the first cell, ipykernel draws from Python's generator.
        probe.at_first = lambda: seed(number)
    made: set[int] = set()
    children = kernel._process_children
    # A kernel that is told to shut down, as `exit()` does, ends its children; keepers are to stay.
    kernel._process_children = lambda: [child for child in children() if child.pid not in made]

    async def keep_request(stream: Any, ident: Any, parent: Any) -> None:
        status, stays = "error", False
        with room(), contextlib.suppress(OSError):
            end = channel.take() if channel is not None else None
            if end is not None:
                stays = bool(parent["content"].get("stay")) and alone()
                if not stays:
                    made.add(keep(probe, kernel, end))
                status = "ok"
        content = {"status": status, "stays": stays}
        kernel.session.send(stream, "keep_reply", content, parent, ident=ident)
        if stays:
            with room():
                become(probe, kernel, end)

    kernel.shell_handlers["keep_request"] = keep_request
    if channel is not None:
        version = ".".join(map(str, sys.version_info[:3]))
        ready = {"frame": "ready", "torch": torch.__version__, "python": version}
        # When the loop runs: a message that comes before the kernel listens may be overlooked.
        IOLoop.current().add_callback(channel.send, ready, {})
    return probe


@contextlib.contextmanager
def room() -> Iterator[None]:
    """A block that may use the descriptors that a kernel's limit keeps back; so may its forks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def one_text_of_errors(shell: Any) -> None:
    """Have no second text made of each error, which only `%notebook` reads."""
    shell._format_exception_for_storage = lambda error, *_, **__: {
        "ename": type(error).__name__,
        "evalue": "",
        "traceback": [],
    }
