"""Running small submissions in real kernels."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from grader.kernel import KernelServer
from grader.model.exercise import Limits
from grader.model.observation import Capture
from grader.model.plan import CallPlan
from grader.model.submission import Submission, SubmittedCell
from grader.runner import Runner

Cell = tuple[str | None, str]
Run = Callable[..., tuple[Capture, Capture]]


def submission(cells: Sequence[Cell]) -> Submission:
    """Cells as (exercise, source); each is named c0, c1 … by its position."""
    return Submission(
        tuple(
            SubmittedCell(i, "code", source, exercise=exercise, name=f"c{i}" if exercise else None)
            for i, (exercise, source) in enumerate(cells)
        )
    )


@pytest.fixture
def run(kernels: KernelServer) -> Run:
    """Run cells, then ask a plan: the sealed capture and the answers. Kernels are forked."""
    return runs(kernels.address)


@pytest.fixture
def run_alone() -> Run:
    """The same with kernels that start by themselves."""
    return runs(None)


def runs(server: str | None) -> Run:
    """A function that runs cells with kernels of that origin."""

    def run_(
        cells: Sequence[Cell],
        plan: CallPlan | None = None,
        *,
        limits: Limits | None = None,
        seed: int = 1,
    ) -> tuple[Capture, Capture]:
        async def main() -> tuple[Capture, Capture]:
            runner = Runner(
                submission(cells),
                keep=sorted({exercise for exercise, _ in cells if exercise}),
                companions={"data.txt": b"42"},
                limits=limits or Limits(),
                seed=seed,
                progress=lambda done, total: None,
                server=server,
            )
            async with runner:
                sealed = await runner.execute()
                return sealed, await runner.ask(plan or CallPlan())

        return asyncio.run(main())

    return run_
