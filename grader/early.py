"""What takes longest is begun before it is known that it is wanted.

Torch is imported for seconds, by a server of kernels and by a reference worker, and what slots need
for one more. None of that has to wait for the command's own imports, nor for its files to be read.
What cannot be had is not spoken of here: who asks for it is told.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.kernel import KernelServer

if TYPE_CHECKING:
    from grader.reference import Child


@dataclass(frozen=True)
class Wanted:
    """What a command will want, by its arguments.

    Attributes:
        server: one that forks kernels.
        walls: it has all that there are, else none.
        once: it is for one notebook.
        references: a worker that runs them.
    """

    server: bool = True
    walls: bool = True
    once: bool = True
    references: bool = True


def wanted(arguments: Sequence[str]) -> Wanted | None:
    """What `grader …` will want, at first sight; None for what runs no notebook here."""
    if "--help" in arguments or not any(Path(argument).exists() for argument in arguments[1:]):
        return None
    walls = {"none", "--isolation=none"}.isdisjoint(arguments)
    if arguments[0] == "grade":
        return Wanted(server=walls)
    elsewhere = any(argument.partition("=")[0] == "--scheduler" for argument in arguments)
    if arguments[0] == "batch" and not elsewhere:
        return Wanted(server=walls, once=False)
    if arguments[0] == "check" or (arguments[0] == "submit" and "--no-check" not in arguments):
        return Wanted(walls=False, once="--watch" not in arguments, references=False)
    return None


class _Begun:
    """A server that a thread begins: to find out about walls takes half a second."""

    def __init__(self, *, walls: bool, once: bool) -> None:
        self.walls = walls
        self.once = once
        self._server: KernelServer | None = None
        self._thread = threading.Thread(target=self._begin, name="early")
        self._thread.start()

    def _begin(self) -> None:
        with contextlib.suppress(GraderError, OSError):
            self._server = KernelServer(None if self.walls else (), once=self.once)

    def server(self) -> KernelServer | None:
        """None where none can be had."""
        self._thread.join()
        return self._server


_servers: list[_Begun] = []  # at most one
_workers: list[Child] = []  # at most one


def begin(want: Wanted) -> None:
    """Begin what is wanted, in the order in which it will be."""
    if want.server:
        _servers.append(_Begun(walls=want.walls, once=want.once))
    from grader.border import warm  # noqa: PLC0415  meanwhile

    warm()
    if want.references:
        from grader.reference import Child  # noqa: PLC0415

        _workers.append(Child())


def server(*, walls: bool, once: bool, preload: Sequence[str] = ()) -> KernelServer | None:
    """The server that was begun, to be closed by who takes it; None without one that will do.

    One that will not do is ended: nobody waits for it any more.
    """
    if not _servers:
        return None
    begun = _servers.pop()
    found = begun.server()
    if found is not None and (preload or (begun.walls, begun.once) != (walls, once)):
        found.close()
        return None
    return found


def worker() -> Child | None:
    """The reference worker that was begun, to be closed by who takes it."""
    return _workers.pop() if _workers else None


def end() -> None:
    """End what nobody took. No kernel was forked from it, and nothing asked of it."""
    left = worker()
    if left is not None:
        left.close(at_once=True)
    while _servers:
        found = _servers.pop().server()
        if found is not None:
            found.close()
