"""One kernel: nbclient runs cells in it, the probe's messages are collected beside."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sys
from dataclasses import dataclass
from queue import Empty
from typing import Any, Literal

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from nbclient import NotebookClient
from nbformat import NotebookNode

from grader import system
from grader.kernel.channel import Channel, ChannelClosed
from grader.kernel.line import LineClient
from grader.kernel.provisioner import (
    ForkedProvisioner,
    ObservedProvisioner,
    adopt_orphans,
)
from grader.kernel.scratch import Scratch
from grader.model.exercise import Limits

_GRACE_SECONDS = 2.0
_STARTUP_SECONDS = 120
_ASKED = 24  # times in them
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class CellEnd:
    """How a cell ended: `dead` means that the kernel went with it.

    `message` is what the probe said of it; `unasked` what it had said before the cell began.
    """

    status: Literal["ok", "timeout", "crashed"]
    dead: bool = False
    message: tuple[bytes, bytes] | None = None
    unasked: tuple[tuple[bytes, bytes], ...] = ()


class BoundedClient(NotebookClient):
    """nbclient, with a bound on what the outputs of one cell may hold."""

    output_budget = 1 << 20

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Keep an output only while the cell's outputs fit the budget."""
        size = len(json.dumps(msg.get("content"), default=str))
        used = getattr(self, "_used", {})
        used[cell_index] = used.get(cell_index, 0) + size
        self._used = used
        if used[cell_index] > self.output_budget:
            return None
        return super().output(outs, msg, display_id, cell_index)


class ForkedManager(AsyncKernelManager):
    """A manager of kernels to which nobody connects."""

    def _reconcile_connection_info(self, info: Any) -> None:
        """There are no ports, and there is no file that would tell them."""

    def _connect_control_socket(self) -> None:
        """There is none: it is interrupted by signals."""

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        """There are neither files nor sockets of its own."""


class Session:
    """A kernel with its sockets.

    Args:
        notebook: the notebook whose cells are run; nbclient writes outputs into it.
        scratch: the folders of this run.
        seed: of the kernel's random numbers.
        limits: of the kernel, of what the probe says and of what a cell prints and shows.
        server: the fork server's address; None for a kernel that starts by itself.
    """

    def __init__(
        self,
        notebook: NotebookNode,
        scratch: Scratch,
        *,
        seed: int,
        limits: Limits,
        server: str | None = None,
    ) -> None:
        ours, self._theirs = socket.socketpair()
        self._scratch = scratch
        self._limits = limits
        self.channel = Channel(ours, limits.capture_bytes)
        self._keepers: list[Channel] = []
        self._line: socket.socket | None = None
        self._hearing: LineClient | None = None
        self._seed = seed
        self._server = server
        manager = AsyncKernelManager if server is None else ForkedManager
        self._manager = manager(kernel_name="grader", transport=system.transport())
        self._client = BoundedClient(
            notebook,
            km=self._manager,
            timeout=None,
            allow_errors=True,
            startup_timeout=_STARTUP_SECONDS,
            iopub_timeout=4,
            record_timing=False,
        )
        self._client.log.setLevel(logging.CRITICAL)
        self._client.output_budget = limits.output_bytes
        self.dead = False
        self.executed = 0
        self.peak_memory_bytes = 0
        self.cpu_seconds = 0.0
        self._cpu_at_first: float | None = None
        self._stays = False

    async def start(self) -> None:
        """Start the kernel and wait until it answers.

        Raises:
            Exception: whatever jupyter_client raises when it does not come up.
        """
        manager = self._manager
        if manager.transport == "ipc":
            manager.ip = str(self._scratch.runtime / f"k{id(self):x}")
        manager.connection_file = str(self._scratch.runtime / f"c{id(self):x}.json")
        manager._kernel_spec = KernelSpec(
            argv=[sys.executable, str(self._scratch.launcher), "-f", "{connection_file}"],
            display_name="grader",
            language="python",
        )
        manager.provisioner = self._new_provisioner()
        adopt_orphans()
        await self.channel.open()
        await self._client.async_start_new_kernel(
            cwd=str(self._scratch.work), stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        header, _ = await self.channel.next(_STARTUP_SECONDS)
        if b'"ready"' not in header:
            raise ChannelClosed("the probe did not say that it is ready")
        await self._connect()

    async def _connect(self) -> None:
        """The kernel is ready, as its probe said; nbclient would ask it until it answers."""
        if self._line is not None:
            line = LineClient(self._line, self._manager.is_alive)
            await line.open()
            self._hearing = line
            self._client.kc = line  # type: ignore[assignment]  # it asks no more of a client
            return
        client = self._manager.client()
        client.start_channels(stdin=False, hb=False, control=False)
        self._client.kc = client
        # What is published before we are subscribed is lost, the welcome sometimes too. Whatever
        # arrives says that we are; a question makes the kernel publish that it is busy.
        for _ in range(_ASKED):
            try:
                await client.iopub_channel.get_msg(timeout=_STARTUP_SECONDS / _ASKED)
            except Empty:
                client.kernel_info()
            else:
                return
        raise ChannelClosed("the kernel publishes nothing")

    def _new_provisioner(self) -> ObservedProvisioner | ForkedProvisioner:
        common: dict[str, Any] = {
            "parent": self._manager,
            "kernel_id": "grader",
            "kernel_spec": self._manager._kernel_spec,
            "probe": self._theirs,
        }
        environment = self._scratch.environment()
        if self._server is None:
            environment |= {"GRADER_SEED": str(self._seed)}
            return ObservedProvisioner(environment=environment, **common)
        self._line, theirs = socket.socketpair()
        return ForkedProvisioner(
            environment=environment,
            seed=self._seed,
            server=self._server,
            line=theirs,
            limits=self._limits,
            **common,
        )

    @property
    def _provisioner(self) -> ObservedProvisioner | ForkedProvisioner | None:
        provisioner = self._manager.provisioner
        if isinstance(provisioner, ObservedProvisioner | ForkedProvisioner):
            return provisioner
        return None

    async def run(self, cell: NotebookNode, index: int, seconds: float, wall: float) -> CellEnd:
        """Run one code cell and fetch what was observed.

        It may use `seconds` of CPU time, and `wall` seconds may pass.
        """
        self._note_cpu(descendants=False)
        # What a cell did is told after it was sent; an earlier cell may have said too much.
        unasked = self.channel.unasked()
        if self._hearing is not None:
            self._hearing.listen()
        task = asyncio.ensure_future(self._client.async_execute_cell(cell, index))
        timed_out = not await self._ends(task, seconds, wall)
        if timed_out:
            await self._interrupt()
            await self._ends(task, _GRACE_SECONDS, _GRACE_SECONDS * wall / seconds)
        if self._hearing is not None:
            self._hearing.ignore()
        # Malformed messages escape nbclient as exceptions of any kind, not only as a dead kernel.
        if not task.done() or task.exception() is not None:
            self._die()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return CellEnd("timeout" if timed_out else "crashed", dead=True, unasked=unasked)
        self.executed += 1
        self._measure()
        try:
            message = await self.channel.next(_GRACE_SECONDS)
        except ChannelClosed:
            message = None
        return CellEnd("timeout" if timed_out else "ok", message=message, unasked=unasked)

    async def _ends(self, task: asyncio.Future[Any], seconds: float, wall: float) -> bool:
        """Whether a cell ends before the kernel has used so much CPU time, or the wall clock's cap.

        CPU time is asked for only when the wall clock has reached it: no earlier can a cell that
        computes in one thread have used it up, and one that is quick costs nothing.
        """
        clock = asyncio.get_running_loop().time
        begin, used = clock(), self.cpu_seconds
        pause = seconds
        while (left := wall - (clock() - begin)) > 0:
            done, _ = await asyncio.wait({task}, timeout=min(pause, left))
            if done:
                return True
            self._note_cpu(descendants=True)
            pause = seconds - (self.cpu_seconds - used)
            if pause <= 0:
                return False
            pause = max(pause, _LOOK_SECONDS)
        return False

    def _note_cpu(self, *, descendants: bool) -> None:
        """Look at what the kernel has used; of a kernel that is gone, the last look stands."""
        provisioner = self._provisioner
        total = None if provisioner is None else provisioner.cpu_seconds(descendants=descendants)
        if total is not None:
            if self._cpu_at_first is None:
                self._cpu_at_first = total
            self.cpu_seconds = max(self.cpu_seconds, total - self._cpu_at_first)

    def look(self) -> float:
        """CPU time that cells have used so far in this kernel and the processes below it."""
        if not self.dead:
            self._note_cpu(descendants=True)
        return self.cpu_seconds

    async def _interrupt(self) -> None:
        try:
            await self._manager.interrupt_kernel()
        except Exception:
            return

    async def keep(self, *, last: bool) -> Channel | None:
        """Have the kernel fork a keeper: the channel to it; None when it did not say that it did.

        After the `last` cell a forked kernel may become the keeper instead. The socket is handed
        over only now, so that no earlier cell can have used it up.
        """
        stay = last and self._server is not None
        client = self._client.kc
        if client is None:
            return None
        ours, theirs = socket.socketpair()
        try:
            self.channel.hand_over(theirs)
            message = client.session.msg("keep_request", {"stay": stay})
            client.shell_channel.send(message)
            reply = await self._reply(client, message["header"]["msg_id"])
            made = reply.get("status") == "ok"
            self._stays = made and stay and reply.get("stays") is True
        except Exception:  # whatever a kernel may answer
            made = False
        finally:
            theirs.close()
        if not made:
            ours.close()
            return None
        keeper = Channel(ours, self._limits.capture_bytes)
        self._keepers.append(keeper)
        await keeper.open()
        return keeper

    @staticmethod
    async def _reply(client: Any, asked: str) -> dict[str, Any]:
        for _ in range(100):
            reply = await client.shell_channel.get_msg(timeout=10)
            if reply["parent_header"].get("msg_id") == asked:
                content: dict[str, Any] = reply["content"]
                return content
        return {}

    def died_of(self) -> Literal["out_of_memory", "crashed"]:
        """Why a kernel that died did, as far as the system tells."""
        overrun = self._provisioner is not None and self._provisioner.out_of_memory()
        return "out_of_memory" if overrun else "crashed"

    def _measure(self) -> None:
        provisioner = self._provisioner
        if provisioner is not None:
            self.peak_memory_bytes = max(self.peak_memory_bytes, provisioner.peak_memory_bytes())

    def _die(self) -> None:
        self.dead = True
        self._measure()
        provisioner = self._provisioner
        if provisioner is not None:
            provisioner.kill_main()
        self._measure()

    def seal(self) -> None:
        """End the kernel itself, unless it became a keeper; keepers live on to be asked."""
        if not self._stays:
            self._die()
            return
        self.dead = True
        if isinstance(self._provisioner, ForkedProvisioner):
            self.peak_memory_bytes = self._provisioner.peak_memory_bytes_so_far()

    async def close(self) -> None:
        """End everything of this kernel."""
        self._die()
        provisioner = self._provisioner
        if provisioner is not None:
            provisioner.kill_all()
        if self._client.kc is not None:
            self._client.kc.stop_channels()
        elif self._line is not None:
            self._line.close()
        await self._manager._async_cleanup_resources()
        for channel in (self.channel, *self._keepers):
            await channel.close()
