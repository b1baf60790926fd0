"""Those who grade on this machine, with all that they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader import early
from grader.border import warm
from grader.cli.isolation import Isolation, kernels
from grader.reference import ReferenceProcess

if TYPE_CHECKING:
    from grader.batch import Local, Orders


@contextmanager
def local(
    orders: Orders, references: Mapping[str, Path], *, jobs: int | None, isolation: Isolation
) -> Iterator[Local]:
    """Threads over one fork server and one reference process; all of it is gone at the end.

    Raises:
        MachineError: walls that `isolation` requires cannot be had here.
    """
    from grader import batch  # noqa: PLC0415  the gradebook's parts, which other commands do not need

    with batch.Crew() as crew, kernels(isolation, orders.assignment.preload) as server:
        warm()
        with ReferenceProcess(references, begun=early.worker()) as process:
            yield batch.Local(orders, process, crew=crew, jobs=jobs or batch.jobs(), server=server)
