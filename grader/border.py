"""The border, seen from the trusted side: a slot process, what is asked of it, what comes back.

What comes back was decoded from hostile bytes by the slot and is validated again here.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationError

from grader.capture import FrameError, decode, encode
from grader.errors import InternalError, SubmissionError
from grader.kernel.channel import ChannelClosed, pack, unpack
from grader.model.job import Job
from grader.model.observation import CallObservation, Capture, RunInfo, Variation
from grader.model.plan import CallPlan
from grader.model.submission import Submission
from grader.spec import adapter

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext
    from multiprocessing.process import BaseProcess

Progress = Callable[[int, int], None]
_MAX_MESSAGE = 1 << 30
_LEAVE_SECONDS = 5
_STARTS = 20
_START_PAUSE_SECONDS = 0.1
_STARTING = threading.Lock()
_METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
_BROKEN = (ChannelClosed, FrameError, ValidationError, ValueError, KeyError, OSError)


class SlotDied(Exception):
    """The slot ended without an answer; `said` is what it said of itself, or its exit code."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A run that can no longer be changed by the student's code."""

    submission: Submission
    capture: Capture
    stamp: Mapping[str, Any] | None  # the notebook's own, where the job had none


def claimed_assignment(data: bytes, name: str) -> str | None:
    """The id of the assignment that a notebook says it answers.

    Raises:
        SubmissionError: it cannot be read as a notebook.
        SlotDied: reading it killed the slot.
    """
    with Slot(None, data, name) as slot:
        return slot.claims()


class Slot:
    """A slot process for one notebook. A context manager: at its end the process is gone.

    It is forked from a process that has imported what slots need and has seen nothing else.

    Args:
        job: what to run; None only to look at what the notebook named `name` claims to be.
        data: the notebook's bytes.

    Raises:
        InternalError: no process could be made, which is no submission's fault.
    """

    def __init__(self, job: Job | None, data: bytes, name: str = "") -> None:
        self._process, self._end = _started(_context())
        if job is None:
            self._send({"peek": name}, data)
        else:
            self._send({"job": adapter(Job).dump_python(job, mode="json")}, data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.close()
        self._process.join(_LEAVE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def claims(self) -> str | None:
        """What the notebook claims to answer."""
        body, _ = self._receive()
        claimed = body.get("claims")
        return claimed if isinstance(claimed, str) else None

    def sealed(self, progress: Progress) -> Sealed:
        """Wait for the run.

        Raises:
            SubmissionError: the notebook was refused.
            SlotDied: the slot ended, or said something that is not of the protocol.
        """
        while True:
            body, blob = self._receive()
            if "progress" in body:
                done, total = body["progress"]
                progress(int(done), int(total))
            else:
                try:
                    submission = adapter(Submission).validate_python(body["sealed"])
                    return Sealed(submission, decode(blob), body.get("stamp"))
                except _BROKEN as error:
                    raise SlotDied(f"{type(error).__name__}: {error}"[:2000]) from error

    def ask(self, plan: CallPlan, seed: int) -> Capture:
        """Put the plan to the keepers; a capture of calls and variations, with the plan's inputs.

        Raises:
            SlotDied: as `sealed`.
        """
        body = {
            "calls": [
                {"id": call.id, "exercise": call.exercise, "function": call.function}
                for call in plan.calls
            ],
            "reruns": [
                {
                    "id": rerun.id,
                    "exercise": rerun.exercise,
                    "cell": rerun.cell,
                    "until": rerun.until,
                }
                for rerun in plan.reruns
            ],
        }
        inputs = Capture(
            seed=seed,
            run=RunInfo("completed"),
            calls={
                call.id: CallObservation(
                    call.id, "missing", inputs=call.inputs, cotangent=call.cotangent
                )
                for call in plan.calls
            },
            variations=tuple(
                Variation(rerun.id, rerun.exercise, "missing", inputs=rerun.inputs)
                for rerun in plan.reruns
            ),
        )
        self._send({"plan": body}, encode(inputs))
        _, blob = self._receive()
        try:
            return decode(blob)
        except _BROKEN as error:
            raise SlotDied(f"{type(error).__name__}: {error}"[:2000]) from error

    def _send(self, body: Mapping[str, Any], blob: bytes) -> None:
        with contextlib.suppress(OSError):
            # A slot that is dead is noticed by the next `_receive`.
            self._end.send_bytes(pack(json.dumps(body).encode(), blob))

    def _receive(self) -> tuple[dict[str, Any], bytes]:
        try:
            header, blob = unpack(self._end.recv_bytes(_MAX_MESSAGE))
            body = json.loads(header)
        except (EOFError, OSError, ChannelClosed, ValueError, RecursionError) as error:
            self._process.kill()
            self._process.join()
            raise SlotDied(f"exit code {self._process.exitcode}") from error
        if "refused" in body:
            raise SubmissionError(str(body["refused"]["id"]), **body["refused"]["params"])
        if "fault" in body:
            raise SlotDied(str(body["fault"]))
        return body, blob


def warm() -> None:
    """Begin to import what slots need, in the process that they will be forked from."""
    _context()
    if _METHOD == "forkserver":
        forkserver = importlib.import_module("multiprocessing.forkserver")  # not on Windows
        with _nameless():
            forkserver.ensure_running()


@contextlib.contextmanager
def _nameless() -> Iterator[None]:
    """A block in which the program that runs cannot be told by its module `__main__`.

    multiprocessing has a new process import that module, which costs as much as a notebook, and
    which a script that has no `if __name__ == "__main__"` would not survive. A slot needs none.
    """
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def _started(
    context: SpawnContext | ForkServerContext,
) -> tuple[BaseProcess, Connection[bytes, bytes]]:
    """A slot, and the end over which it is spoken to.

    What slots are forked from may have been killed. Until it is gone, in a moment, it refuses or
    breaks off; then multiprocessing makes another. A slot of which that one had not told any more
    finds its end closed, and goes.
    """
    left = _STARTS
    while True:
        left -= 1
        ours, theirs = context.Pipe()
        process = context.Process(target=_enter, args=(theirs,), daemon=True)
        try:
            with _nameless():
                process.start()
        except (OSError, EOFError) as error:
            ours.close()
            if not left:
                detail = f"{type(error).__name__}: {error}"
                raise InternalError.told("command.not-run", detail=detail) from error
            time.sleep(_START_PAUSE_SECONDS)
        else:
            return process, ours
        finally:
            theirs.close()


def _context() -> SpawnContext | ForkServerContext:
    if _METHOD == "spawn":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["grader.preload"])
    return context


def _enter(end: Connection[bytes, bytes]) -> None:
    # By name: the trusted side itself has no use for what a slot imports.
    importlib.import_module("grader.slot").serve(end)
