"""What takes longest is begun before it is known that it is wanted.

Torch is imported for seconds, by a server of kernels and by a reference worker, and what slots need
for one more. None of that has to wait for the command's own imports, nor for its files to be read.
What cannot be had is not spoken of here: who asks for it is told.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
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
    if "--help" in arguments or not any(map(os.path.exists, arguments[1:])):
        return None
    command = arguments[0]
    walls = {"none", "--isolation=none"}.isdisjoint(arguments)
    if command == "grade":
        return Wanted(server=walls)
    elsewhere = any(argument.partition("=")[0] == "--scheduler" for argument in arguments)
    if command == "batch" and not elsewhere:
        return Wanted(server=walls, once=False)
    if command == "check" or (command == "submit" and "--no-check" not in arguments):
        return Wanted(walls=False, once="--watch" not in arguments, references=False)
    return None


_servers: list[tuple[Wanted, KernelServer]] = []  # at most one
_workers: list[Child] = []  # at most one


def begin(want: Wanted) -> None:
    """Begin what is wanted.

    No thread helps: a Ctrl-C while both import something can leave them waiting for each other.
    """
    if want.server:
        with contextlib.suppress(GraderError, OSError):
            layers = None if want.walls else ()
            _servers.append((want, KernelServer(layers, once=want.once)))
    with contextlib.suppress(OSError):
        from grader.border import warm  # noqa: PLC0415

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
    want, found = _servers.pop()
    if preload or (want.walls, want.once) != (walls, once):
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
        _servers.pop()[1].close()
