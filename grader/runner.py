"""The order of a run: `execute → seal → ask`. Lives in the slot, on the hostile side of the border.

Cells run in the notebook's order. When a kernel dies, the rest of that exercise is `not_run`; a new
kernel runs the cells before the first exercise again and goes on with the next exercise, so that
one exercise's crash costs nothing in another. When an exercise's last cell has run, the kernel
forks a keeper that will answer for it, in the state in which the exercise ended.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Literal, Self

from nbformat import NotebookNode

from grader.capture import FrameError, Frames, ask
from grader.kernel import Channel, ChannelClosed, Scratch
from grader.kernel.outputs import outputs_of
from grader.kernel.session import CellEnd, Session
from grader.model.exercise import Limits
from grader.model.observation import (
    CallObservation,
    Capture,
    CellObservation,
    RunInfo,
    RunStatus,
    Variation,
)
from grader.model.plan import Call, CallPlan, Rerun
from grader.model.submission import Submission, SubmittedCell

Progress = Callable[[int, int], None]
_GRACE_SECONDS = 2.0
_UNHEARD = ("probe:silent", "probe:malformed")


class Runner:
    """Runs one submission. An async context manager: everything it started is gone at the end.

    Args:
        submission: what to run.
        keep: exercises that will be asked about after the run.
        companions: files for the working directory.
        limits: of cells, of the notebook, of calls.
        seed: of the kernels' random numbers.
        progress: told (cells done, cells in all).
        server: the fork server's address; None for kernels that start by themselves.
    """

    def __init__(
        self,
        submission: Submission,
        *,
        keep: Collection[str],
        companions: Mapping[str, bytes],
        limits: Limits,
        seed: int,
        progress: Progress,
        server: str | None = None,
    ) -> None:
        self._submission = submission
        self._keep = tuple(keep)
        self._limits = limits
        self._seed = seed
        self._progress = progress
        self._server = server
        self._scratch = Scratch(companions, start=server is None)
        self._notebook = _notebook(submission)
        self._code = [c for c in submission.cells if c.kind == "code" and c.source.strip()]
        self._last = {c.exercise: c.index for c in self._code}
        self._sessions: list[Session] = []
        self._keepers: dict[str, Channel] = {}
        self._frames: dict[int, Frames] = {}
        self._lost: set[str | None] = set()
        self._poison: set[int] = set()
        self._status: RunStatus = "completed"
        self._starts = 0.0  # seconds that kernels took to start, a server's imports among them

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in self._sessions:
            await session.close()
        self._scratch.__exit__(None, None, None)

    async def execute(self) -> Capture:
        """Run all cells and seal the run: what comes back can no longer be changed by the student.

        Raises:
            Exception: the kernel did not start; that is a fault of the grader or the machine.
        """
        begin = time.monotonic()
        late = False
        observations: dict[int, CellObservation] = {}
        self._progress(0, len(self._code))
        for done, cell in enumerate(self._code):
            late = late or self._late(time.monotonic() - begin - self._starts)
            if late:
                self._note("timeout")
            if cell.exercise in self._lost or late:
                observations[cell.index] = CellObservation(cell.index, "not_run")
            else:
                observations[cell.index] = await self._one(cell)
                await self._end_of_exercise(cell)
            self._progress(done + 1, len(self._code))
        for session in self._sessions:
            session.seal()
        return Capture(
            seed=self._seed,
            run=RunInfo(
                status=self._status,
                seconds=time.monotonic() - begin - self._starts,
                peak_memory_bytes=max((s.peak_memory_bytes for s in self._sessions), default=0),
            ),
            cells=tuple(observations.values()),
        )

    def _late(self, passed: float) -> bool:
        """Whether the notebook's time is over. CPU time is asked for only when it may be."""
        limit = self._limits.notebook_seconds
        if passed <= limit:
            return False
        used = math.fsum(session.look() for session in self._sessions)
        return used > limit or passed > self._limits.wall(limit)

    async def _one(self, cell: SubmittedCell) -> CellObservation:
        session = await self._session()
        count = session.executed
        begin = time.monotonic()
        node = self._notebook.cells[cell.index]
        end = await self._run(session, node, cell.index)
        if end.status == "timeout":
            self._note("timeout")
        if end.dead:
            self._note(session.died_of())
            self._lost.add(cell.exercise)
            self._poison.add(cell.index)
        observed = self._observation(cell, session, end, count)
        if not end.dead and observed.truncated and observed.truncated[0] in _UNHEARD:
            # Nothing more can be observed of this kernel; other exercises get another one.
            self._note("crashed")
            self._lost.add(cell.exercise)
            session.seal()
        return replace(
            observed,
            seconds=time.monotonic() - begin,
            outputs=outputs_of(node.get("outputs", ())),
        )

    async def _run(self, session: Session, node: NotebookNode, index: int) -> CellEnd:
        seconds = self._limits.cell_seconds
        return await session.run(node, index, seconds, self._limits.wall(seconds))

    def _observation(
        self, cell: SubmittedCell, session: Session, end: CellEnd, count: int
    ) -> CellObservation:
        frames = self._frames[id(session)]
        for message in end.unasked:
            frames.overhear(*message)
        if end.message is None:
            status = end.status if end.dead else "error"
            return CellObservation(cell.index, status, truncated=("probe:silent",))
        try:
            observed = frames.cell(*end.message, count=count, index=cell.index)
        except FrameError:
            return CellObservation(cell.index, "error", truncated=("probe:malformed",))
        return observed if end.status == "ok" else replace(observed, status=end.status)

    async def _session(self) -> Session:
        if self._sessions and not self._sessions[-1].dead:
            return self._sessions[-1]
        session = Session(
            self._notebook,
            self._scratch,
            seed=self._seed,
            limits=self._limits,
            server=self._server,
        )
        restarted = bool(self._sessions)
        self._sessions.append(session)
        self._frames[id(session)] = Frames(self._limits.capture_bytes)
        begin = time.monotonic()
        await session.start()
        self._starts += time.monotonic() - begin
        if restarted:
            await self._preamble(session)
        return session

    async def _preamble(self, session: Session) -> None:
        for cell in self._code:
            if cell.exercise is not None:
                return
            if cell.index in self._poison:
                continue
            # A copy of the cell: the outputs of the first time stand. What the probe says is read
            # all the same, because later messages refer to arrays that this one brings.
            count = session.executed
            node = _cell(cell.source)
            end = await self._run(session, node, cell.index)
            self._observation(cell, session, end, count)
            if end.dead:
                return

    async def _end_of_exercise(self, cell: SubmittedCell) -> None:
        exercise = cell.exercise
        session = self._sessions[-1]
        if exercise not in self._keep or exercise is None or cell.index != self._last[exercise]:
            return
        if session.dead:
            return
        keeper = await session.keep(last=cell is self._code[-1])
        if keeper is not None:
            self._keepers[exercise] = keeper
        else:
            # What cannot be forked here would be lacking in later exercises too.
            session.seal()

    def _note(self, status: RunStatus) -> None:
        if self._status == "completed":
            self._status = status

    async def ask(self, plan: CallPlan) -> Capture:
        """Put the plan's questions to the keepers; a capture with calls and variations only."""
        calls: dict[str, CallObservation] = {}
        variations: list[Variation] = []
        asked = [one.exercise for one in plan.calls] + [one.exercise for one in plan.reruns]
        for exercise in dict.fromkeys(asked):
            calls |= await self._calls(
                exercise, [one for one in plan.calls if one.exercise == exercise]
            )
            reruns = [rerun for rerun in plan.reruns if rerun.exercise == exercise]
            for rerun in reruns:
                variations.append(await self._rerun(rerun, last=rerun is reruns[-1]))
        return Capture(
            seed=self._seed, run=RunInfo("completed"), calls=calls, variations=tuple(variations)
        )

    async def _calls(self, exercise: str, questions: list[Call]) -> dict[str, CallObservation]:
        found = {call.id: CallObservation(call.id, "crashed") for call in questions}
        keeper = self._keepers.get(exercise)
        if keeper is None or not questions:
            return found
        seconds = self._limits.call_seconds
        wall = self._limits.wall(seconds)
        try:
            await keeper.send(*ask.calls(questions, seconds=seconds, wall=wall))
            for call in questions:
                reply = await keeper.next(wall + _GRACE_SECONDS)
                found[call.id] = Frames(self._limits.capture_bytes).call(*reply, id=call.id)
        except (ChannelClosed, FrameError):
            self._keepers.pop(exercise, None)
        return found

    async def _rerun(self, question: Rerun, *, last: bool) -> Variation:
        keeper = self._keepers.get(question.exercise)
        if keeper is None:
            return Variation(question.id, question.exercise, "crashed")
        until = math.inf if question.until is None else question.until
        cells = [c for c in self._code if c.exercise == question.exercise and c.index <= until]
        after = max((i for i, c in enumerate(cells) if c.name == question.cell), default=-1)
        seconds = self._limits.cell_seconds
        wall = self._limits.wall(seconds)
        sources = [c.source for c in cells]
        message = ask.rerun(
            question.id, sources, after, question.inputs, seconds=seconds, wall=wall, last=last
        )
        frames = Frames(self._limits.capture_bytes)
        observed: list[CellObservation] = []
        status: Literal["ok", "timeout", "crashed"]
        begin = asyncio.get_running_loop().time()
        try:
            await keeper.send(*message)
            while True:
                left = begin + wall + _GRACE_SECONDS - asyncio.get_running_loop().time()
                header, blob = await keeper.next(max(left, 0.0))
                ended = frames.rerun_status(header, id=question.id)
                if ended is not None:
                    status = ended
                    break
                index = _next(cells, observed).index
                observed.append(frames.cell(header, blob, count=len(observed), index=index))
        except (ChannelClosed, FrameError):
            self._keepers.pop(question.exercise, None)
            # The system ends the last rerun at its limit without a word.
            passed = asyncio.get_running_loop().time() - begin
            status = "timeout" if passed >= seconds else "crashed"
        return Variation(question.id, question.exercise, status, cells=tuple(observed))


def _next(cells: Sequence[SubmittedCell], observed: Sequence[CellObservation]) -> SubmittedCell:
    """The cell that a rerun tells of next."""
    if len(observed) >= len(cells):
        raise FrameError("more cells than were to be run")
    return cells[len(observed)]


def _notebook(submission: Submission) -> NotebookNode:
    cells = [
        _cell(cell.source) if cell.kind == "code" else NotebookNode(cell_type="markdown", source="")
        for cell in submission.cells
    ]
    spec = NotebookNode(name="python3", display_name="", language="python")
    return NotebookNode(
        nbformat=4, nbformat_minor=5, metadata=NotebookNode(kernelspec=spec), cells=cells
    )


def _cell(source: str) -> NotebookNode:
    """What nbclient needs of a code cell; nbformat's own would validate it at some cost."""
    return NotebookNode(
        cell_type="code", metadata=NotebookNode(), source=source, outputs=[], execution_count=None
    )
