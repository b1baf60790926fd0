"""What one more kernel in flight costs in memory."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import nbformat

from benchmarks.processes import family, pss_bytes
from benchmarks.ways.way import Unavailable
from grader.kernel import ChannelClosed, KernelServer, Scratch
from grader.kernel.session import Session
from grader.model.exercise import Limits

FEW, MANY = 2, 10
_CELL = """import torch
x = torch.arange(4.0, requires_grad=True)
y = 2 * torch.dot(x, x)
y.backward()"""


def added_mb_per_kernel() -> float:
    """The slope between a few and many kernels that ran a backward pass and now wait.

    Raises:
        Unavailable: this system does not tell.
    """
    try:
        with KernelServer() as server:
            asyncio.run(_in_flight(server, 1))  # what the server itself touches once
            few, many = (asyncio.run(_in_flight(server, number)) for number in (FEW, MANY))
    except (OSError, ChannelClosed) as error:
        raise Unavailable(f"{type(error).__name__}: {error}") from error
    return (many - few) / (MANY - FEW) / 1e6


async def _in_flight(server: KernelServer, number: int) -> int:
    """Bytes of the server and of all that it forked, with `number` kernels alive."""
    async with AsyncExitStack() as stack:
        for _ in range(number):
            scratch = stack.enter_context(Scratch({}))
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(_CELL)])
            session = Session(notebook, scratch, seed=1, limits=Limits(), server=server.address)
            stack.push_async_callback(session.close)
            await session.start()
            end = await session.run(notebook.cells[0], 0, 60, 60)
            if end.message is None:
                raise Unavailable("a kernel did not answer")
        assert server._process is not None
        processes = family(server._process.pid)
        if len(processes) <= number:
            raise Unavailable(f"{len(processes)} processes for {number} kernels")
        return pss_bytes(processes)
