"""Which walls the kernels of a command get: the option, and the refusal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum

from grader import early, system
from grader.errors import MachineError
from grader.kernel import KernelServer, sandbox


class Isolation(StrEnum):
    """How far a student's code is kept away from everything else."""

    full = "full"
    available = "available"
    none = "none"


HELP = (
    "Walls around the notebook: `full` refuses to run where a required one cannot be had; "
    "`available` builds those that this machine offers; `none` runs it as you. "
    "The result records which."
)


@contextmanager
def kernels(
    isolation: Isolation, preload: Sequence[str] = (), *, once: bool = False
) -> Iterator[str | None]:
    """The address of a server of kernels behind walls; None for kernels without any.

    `preload` are modules that the server imports for all; `once`: they are for one notebook.

    Raises:
        MachineError: walls that `full` requires cannot be had here.
    """
    if isolation is Isolation.none:
        yield None
        return
    _refuse(sandbox.missing(), isolation)
    if not system.WATCHES:
        yield None
        return
    begun = early.server(walls=True, once=once, preload=preload)
    with begun or KernelServer(preload=preload, once=once) as server:
        _refuse([w for w in sandbox.REQUIRED if w not in server.isolation], isolation)
        yield server.address


def _refuse(lacking: Sequence[str], isolation: Isolation) -> None:
    if lacking and isolation is Isolation.full:
        raise MachineError.told("grade.isolation", lacking=", ".join(lacking))
