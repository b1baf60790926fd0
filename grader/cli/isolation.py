"""Which walls the kernels of a command get: the option, and the refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

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
def kernels(isolation: Isolation) -> Iterator[str | None]:
    """The address of a server of kernels behind walls; None for kernels without any.

    Raises:
        MachineError: walls that `full` requires cannot be had here.
    """
    if isolation is Isolation.none:
        yield None
        return
    lacking = sandbox.missing()
    if lacking and isolation is Isolation.full:
        raise MachineError.told("grade.isolation", lacking=", ".join(lacking))
    with KernelServer() as server:
        yield server.address
