"""The border, seen from the trusted side: a slot process, what is asked of it, what comes back.

What comes back was decoded from hostile bytes by the slot and is validated again here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from grader.capture import FrameError, decode, encode
from grader.errors import SubmissionError
from grader.kernel.channel import ChannelClosed, pack, read_message
from grader.model.job import Job
from grader.model.observation import CallObservation, Capture, RunInfo, Variation
from grader.model.plan import CallPlan
from grader.model.submission import Submission

Progress = Callable[[int, int], None]
_MAX_MESSAGE = 1 << 30
_BROKEN = (ChannelClosed, FrameError, ValidationError, ValueError, KeyError, OSError)


class SlotDied(Exception):
    """The slot ended without an answer; `said` is the end of what it wrote on standard error."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A run that can no longer be changed by the student's code."""

    submission: Submission
    capture: Capture
    stamp: Mapping[str, Any] | None


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

    Args:
        job: what to run; None only to look at what the notebook named `name` claims to be.
        data: the notebook's bytes.
    """

    def __init__(self, job: Job | None, data: bytes, name: str = "") -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "grader.slot"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if job is None:
            self._send({"peek": name}, data)
        else:
            self._send({"job": TypeAdapter(Job).dump_python(job, mode="json")}, data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

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
                    submission = TypeAdapter(Submission).validate_python(body["sealed"])
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
                {"id": rerun.id, "exercise": rerun.exercise, "cell": rerun.cell}
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
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        try:
            self._process.stdin.write(pack(json.dumps(body).encode(), blob))
            self._process.stdin.flush()
        except OSError:
            # It is dead; the next `_receive` says so, with what it said at last.
            return

    def _receive(self) -> tuple[dict[str, Any], bytes]:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            header, blob = read_message(self._process.stdout, _MAX_MESSAGE)
            body = json.loads(header)
        except (ChannelClosed, ValueError, RecursionError) as error:
            self._process.kill()
            _, said = self._process.communicate()
            raise SlotDied(said.decode("utf-8", "replace")[-4000:]) from error
        if "refused" in body:
            raise SubmissionError(str(body["refused"]["id"]), **body["refused"]["params"])
        return body, blob
