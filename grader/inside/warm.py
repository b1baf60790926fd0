"""What a server of kernels builds once, so that a fork of it has little left to do.

Everything of an IPython kernel that needs neither sockets nor threads is made here: configuration,
shell, extensions, the probe's hooks in torch, a drawn figure. `become` does the rest in the fork.
What cannot be made before the fork: zmq's context and sockets, and the threads of IOPub, of
the shell's and the control channel, and of the captured descriptors 1 and 2.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import io
import linecache
import os
import socket
import sys
from typing import Any

PRELOAD = (
    "numpy",
    "torch",
    "torch.fx.experimental.symbolic_shapes",
    "torch._dynamo",  # by the first torch.func.grad, 330 modules
    "torch._decomp.decompositions_for_jvp",  # by the first jacfwd
    "torch.profiler",  # by the first step of an optimiser
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
    "safetensors.numpy",
)
"""What notebooks and kernels import, the parts that PyTorch and ipykernel import late among it."""

_HUGE = 2 << 20
_MADV_COLLAPSE = 25  # Linux 6.1, include/uapi/asm-generic/mman-common.h


def prepare(more: tuple[str, ...] = ()) -> Any:
    """Build what kernels share. Draws no random number, starts no thread pool, runs no pass.

    Args:
        more: further modules to import.

    Returns:
        The application that a fork hands to `become`.
    """
    for name in (*PRELOAD, *more):
        importlib.import_module(name)
    app = _application()
    app.prepare()
    gc.collect()
    gc.freeze()
    share_pages()
    return app


def _application() -> Any:
    """The class lives in here because ipykernel takes seconds to import."""
    import zmq  # noqa: PLC0415
    from ipykernel.compiler import XCachingCompiler  # noqa: PLC0415
    from ipykernel.control import ControlThread  # noqa: PLC0415
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415
    from ipykernel.shellchannel import ShellChannelThread  # noqa: PLC0415
    from ipykernel.zmqshell import ZMQInteractiveShell  # noqa: PLC0415
    from IPython.core.application import BaseIPythonApplication  # noqa: PLC0415
    from matplotlib_inline.backend_inline import configure_inline_support  # noqa: PLC0415

    from .probe import Probe  # noqa: PLC0415

    class KernelApp(IPKernelApp):
        """IPKernelApp, in two halves, with sockets that were bound by another process."""

        def prepare(self) -> None:
            """The half before the fork."""
            # a history would be a database and a thread, for nobody
            BaseIPythonApplication.initialize(self, ["--HistoryManager.enabled=False"])
            self.init_pdb()
            self.shell = ZMQInteractiveShell.instance(
                parent=self, profile_dir=self.profile_dir, compiler_class=XCachingCompiler
            )
            self.init_path()
            self.init_gui_pylab()
            self.init_extensions()
            self.init_code()
            configure_inline_support(self.shell, os.environ["MPLBACKEND"])
            draw_once()
            fail_once(self.shell)
            # Last: what was rehearsed is nothing that a student did.
            self.probe = Probe(None)
            self.probe.install()

        def become(self, key: bytes, listeners: dict[str, socket.socket]) -> None:
            """The half after it: sockets, threads, the kernel's own objects."""
            self.transport = "ipc"
            self.session.key = key
            self.listeners = listeners
            self.init_sockets()
            self.init_io()
            self.init_signal()
            self.init_kernel()
            self.shell.parent = self.kernel
            self.shell.kernel = self.kernel
            self.shell.configurables.append(self)
            sys.stdout.flush()
            sys.stderr.flush()

        def _bind_socket(self, s: Any, port: int) -> int:
            """Take over a socket that listens already."""
            listener = self.listeners[self.next_channel]
            s.setsockopt(zmq.USE_FD, listener.detach())
            s.bind(f"ipc://{self.next_channel}")
            return 1

        def init_sockets(self) -> None:
            """As ipykernel's, but for the debugger's own connection to the shell."""
            self.context = context = zmq.Context()
            for self.next_channel in ("shell", "stdin"):
                made = context.socket(zmq.ROUTER)
                made.linger = 1000
                made.router_handover = 1
                self._bind_socket(made, 0)
                setattr(self, f"{self.next_channel}_socket", made)
            self.next_channel = "control"
            self.control_socket = context.socket(zmq.ROUTER)
            self.control_socket.linger = 1000
            self._bind_socket(self.control_socket, 0)
            self.debugpy_socket = context.socket(zmq.STREAM)
            self.control_thread = ControlThread(daemon=True)
            # A cell that awaits at its top level wants this one.
            self.shell_channel_thread = ShellChannelThread(context, daemon=True)
            self.next_channel = "iopub"
            self.init_iopub(context)

    return KernelApp.instance()


def draw_once() -> None:
    """Draw once what students draw, so that fonts are found and glyphs are read."""
    import matplotlib  # noqa: PLC0415
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


def fail_once(shell: Any) -> None:
    """Format the traceback of a refused pass: the sources of autograd are read and parsed once.

    No pass runs: a root that is not a scalar is refused before the engine is asked.
    """
    import executing  # noqa: PLC0415
    import torch  # noqa: PLC0415

    linecache.getlines(torch.autograd.graph.__file__)
    executing.Source.for_filename(torch.autograd.graph.__file__)
    try:
        torch.ones(2, requires_grad=True).backward()
    except RuntimeError:
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
