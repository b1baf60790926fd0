"""What a server of kernels builds once, so that a fork of it has little left to do.

Everything of an IPython kernel that does not belong to one process is made here: configuration,
shell, extensions, the probe's hooks in torch, a drawn figure. `become` does the rest in the fork:
the event loop, the line to the client, the files that catch what other programs print.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import importlib
import inspect
import io
import math
import os
import socket
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

PRELOAD = (
    "numpy",
    "torch",
    "torch.fx.experimental.symbolic_shapes",
    "matplotlib.figure",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.font_manager",
    "matplotlib.legend",
    "matplotlib_inline.backend_inline",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "faulthandler",
    "safetensors.numpy",
    "tornado.platform.asyncio",
)
"""What notebooks and kernels import, the parts that PyTorch and ipykernel import late among it."""

RARE = (
    "torch._dynamo",  # by the first torch.func.grad, 330 modules
    "torch._decomp.decompositions_for_jvp",  # by the first jacfwd
    "torch.profiler",  # by the first step of an optimiser
)
"""What few notebooks import, and takes as long as half of torch: the first kernel does without."""

_HUGE = 2 << 20
_MADV_COLLAPSE = 25  # Linux 6.1, include/uapi/asm-generic/mman-common.h


def prepare(more: tuple[str, ...] = (), *, once: bool = False) -> Any:
    """Build what kernels share. Draws no random number, starts no thread pool, runs no pass.

    Args:
        more: further modules to import; one that fails is left to the cell that imports it.
        once: for one notebook, which does by itself, if at all, what would be rehearsed for many.

    Returns:
        The application that a fork hands to `become`.
    """
    with _no_garbage(look=not once):
        for name in PRELOAD:
            importlib.import_module(name)
        for name in more:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        app = _application(rehearse=not once)
        app.prepare()
    return app


def prepare_for_many(shell: Any) -> None:
    """What pays when many kernels are to come: rare imports, and pages that are cheap to share."""
    with _no_garbage():
        for name in RARE:
            with contextlib.suppress(ImportError):  # they are not what torch promises to have
                importlib.import_module(name)
        show_error(shell)
    share_pages()


@contextlib.contextmanager
def _no_garbage(*, look: bool = True) -> Iterator[None]:
    """A block in which what is made stays: it is looked through once, at its end, or not at all."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        if look:
            gc.collect()
        gc.freeze()


def _application(*, rehearse: bool) -> Any:
    """The class lives in here because ipykernel takes seconds to import."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415
    from IPython.core import pylabtools  # noqa: PLC0415
    from IPython.core.application import BaseIPythonApplication  # noqa: PLC0415
    from matplotlib_inline.backend_inline import configure_inline_support  # noqa: PLC0415
    from tornado.ioloop import IOLoop  # noqa: PLC0415

    from .kernel import OPTIONS  # noqa: PLC0415
    from .line import Line, LineSession, Printed  # noqa: PLC0415
    from .probe import Probe  # noqa: PLC0415
    from .shell import Compiler, Kernel, Shell  # noqa: PLC0415

    class KernelApp(IPKernelApp):
        """IPKernelApp, in two halves, which speaks over one socket and starts no thread."""

        def prepare(self) -> None:
            """The half before the fork."""
            # a history would be a database and a thread, for nobody
            BaseIPythonApplication.initialize(self, ["--HistoryManager.enabled=False", *OPTIONS])
            self.init_pdb()
            self.shell = Shell.instance(
                parent=self, profile_dir=self.profile_dir, compiler_class=Compiler
            )
            self.init_path()
            self.init_gui_pylab()
            self.init_extensions()
            self.init_code()
            self.probe = Probe(None)
            pylabtools.print_figure = self.probe.figures.sparing(pylabtools.print_figure)
            configure_inline_support(self.shell, os.environ["MPLBACKEND"])
            if rehearse:
                draw_once()
                fail_once(self.shell)
            self.session = LineSession(parent=self, username="kernel")
            self.prepare_kernel()
            # Last: what was rehearsed is nothing that a student did.
            self.probe.install()

        def prepare_kernel(self) -> None:
            """The kernel's own object, which has no socket, stream or thread yet.

            It makes a list of all modules, for a debugger, and so writes to thousands of pages.
            """
            self.kernel = Kernel.instance(
                parent=self,
                session=self.session,
                iopub_socket="iopub",
                log=self.log,
                profile_dir=self.profile_dir,
            )
            self.shell.parent = self.kernel
            self.shell.kernel = self.kernel
            self.shell.configurables.append(self)
            # An event loop is a descriptor, which forks would share: each makes one of its own.
            made = IOLoop.current(instance=False)
            if made is not None:
                made.close()
            asyncio.set_event_loop(None)

        def become(self, end: socket.socket) -> None:
            """The half after it: an event loop, and the line to the client.

            There is no control channel, since kernels are interrupted by signals, no channel for
            input, which notebooks cannot ask for here, and no debugger.
            """
            asyncio.set_event_loop(asyncio.new_event_loop())
            self.session.pid = os.getpid()  # what it was made in may not send
            self.session.line = self.line = Line(end)
            sys.stdout = self.printed = Printed(self.session, "stdout", 1)
            sys.stderr = self.complained = Printed(self.session, "stderr", 2)
            self.init_signal()
            # A cell that awaits at its top level, and one that ends the kernel, want these.
            self.kernel.shell_channel_thread = SimpleNamespace(
                parent_thread=threading.main_thread()
            )
            self.kernel.io_loop = IOLoop.current()

        def start(self) -> None:
            """Answer requests until the client is gone."""
            loop = asyncio.get_event_loop()
            loop.add_reader(self.line.socket, self.hear)
            self.kernel.io_loop.start()

        def hear(self) -> None:
            """Take one request; it is answered in the loop, as ipykernel does."""
            # A fork of the student's that came back from its cell has nothing to answer.
            request = self.line.receive() if os.getpid() == self.session.pid else None
            if request is None:
                os._exit(0)
            self.answering = asyncio.ensure_future(self.answer(request))

        async def answer(self, request: Any) -> None:
            """What `Kernel.dispatch_shell` does, without its sockets."""
            kernel = self.kernel
            self.shell.transformed = None  # what it depends on may have changed
            # Without them IPython runs no cell at all: another exercise's is not to pay for that.
            sys.stdout = sys.stdout or self.printed
            sys.stderr = sys.stderr or self.complained
            kernel.set_parent([], request, channel="shell")
            handler = kernel.shell_handlers.get(request["header"]["msg_type"])
            if handler is not None:
                kernel.pre_handler_hook()
                try:
                    await handler("shell", [], request)
                except (Exception, KeyboardInterrupt) as error:
                    # As when there is nothing left to flush: whoever asked is not to wait for it.
                    kind = request["header"]["msg_type"].replace("request", "reply")
                    wrong = {"status": "error", "ename": type(error).__name__, "evalue": ""}
                    self.session.send("shell", kind, {**wrong, "traceback": []}, request)
                finally:
                    kernel.post_handler_hook()
            if os.getpid() != self.session.pid:
                os._exit(0)
            # The student may have put something else in their place.
            self.printed.flush()
            self.complained.flush()
            kernel._publish_status("idle", "shell")

    return KernelApp.instance()


def draw_once() -> None:
    """Draw once what students draw, so that fonts are found."""
    import matplotlib  # noqa: PLC0415
    from matplotlib import font_manager  # noqa: PLC0415
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with matplotlib.rc_context():
        figure = Figure()
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.plot([-1.0, 0.0, 1.0], [0.0, 2.5, -1e-3], label="sin(x), $\\cos x$")
        axes.set_title("y' 0123456789")
        axes.set_xlabel("x")
        axes.set_ylabel("y")
        axes.grid(True)
        axes.legend()
        figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    # Forks may not share the positions of open files, so each would close the fonts by itself.
    with contextlib.suppress(AttributeError):
        font_manager._get_font.cache_clear()


def fail_once(shell: Any) -> None:
    """Format a tensor, and tracebacks of refused passes: autograd's sources are parsed once.

    No pass runs: a root that is not a scalar is refused before the engine is asked, and the engine
    refuses a call with too few arguments.
    """
    import torch  # noqa: PLC0415

    root = torch.ones(2, requires_grad=True)
    repr(root)  # imports what it needs
    for refused, arguments in (
        (root.backward, ()),
        (torch.autograd.graph._engine_run_backward, ((root,),)),
    ):
        try:
            refused(*arguments)  # type: ignore[operator]
        except (RuntimeError, TypeError):
            shell.InteractiveTB.structured_traceback(*sys.exc_info())
    # A cell is of no module, and to find that out `inspect` looks at all of them.
    inspect.getmodule(compile("", "cell", "exec"))


def show_error(shell: Any) -> None:
    """Format a traceback, in which hundreds of classes are asked whether they are abstract ones.

    What they say is remembered until a class is registered with any of those, as imports do. No
    tensor is touched: the probe listens already.
    """

    def fails() -> float:
        return math.log(0)

    try:
        fails()  # the outermost frame is not shown
    except ValueError:
        shell.InteractiveTB.structured_traceback(*sys.exc_info())


def share_pages() -> None:
    """Put the heap into huge pages: a fork copies one entry for each instead of 512.

    Best effort: what cannot be collapsed stays as it is, and on other systems nothing happens.
    """
    if sys.platform != "linux":
        return
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with open("/proc/self/maps", encoding="utf-8") as maps:  # noqa: PTH123
        for line in maps.readlines():
            span, flags, _, _, inode, *name = line.split(maxsplit=5)
            if flags != "rw-p" or inode != "0" or (name and name[0].strip() != "[heap]"):
                continue
            begin, end = (int(part, 16) for part in span.split("-"))
            for start in range(-(-begin // _HUGE) * _HUGE, end - _HUGE + 1, _HUGE):
                madvise(start, _HUGE, _MADV_COLLAPSE)
