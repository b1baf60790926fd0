"""A server of kernels that is begun before it is known that one is wanted.

It imports torch for seconds, which nothing else has to wait for: neither the command's own imports
nor the reading of its files. Where none can be had nothing is said here; who asks for one is told.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from grader.errors import GraderError
from grader.kernel.server import KernelServer

_begun: list[KernelServer] = []  # at most one


def begin() -> None:
    """Begin one for one notebook, behind all walls that there are."""
    with contextlib.suppress(GraderError, OSError):
        _begun.append(KernelServer(once=True))


def take(preload: Sequence[str] = ()) -> KernelServer | None:
    """The server that was begun, to be closed by who takes it; None without one that will do.

    One that will not do is ended: nobody waits for it any more.
    """
    if preload:
        end()
    return _begun.pop() if _begun else None


def end() -> None:
    """End the server if nobody took it. No kernel was forked from it, so it need not be asked."""
    while _begun:
        _begun.pop().close(at_once=True)
