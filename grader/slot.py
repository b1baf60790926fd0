"""The hostile side's process: parses a notebook, has it run, decodes what was observed.

Started as `python -m grader.slot`, one for a notebook, with its memory limited. It talks to the
trusted side over its standard input and output in the framing of `grader.kernel.channel`. It knows
the public part of the assignment and nothing else: no reference, no other check, no gradebook.

    trusted → slot   {"peek": name}   blob: the notebook's bytes
    slot → trusted   {"claims": the assignment that the notebook names}     and it ends
    trusted → slot   {"job": …}       blob: the notebook's bytes
    slot → trusted   {"progress": [done, all]}
                     {"refused": {"id", "params"}}                     and it ends
                     {"sealed": submission, "stamp"}  blob: the capture of the run
    trusted → slot   {"plan": {"calls", "reruns"}}   blob: a capture that holds the plan's inputs
    slot → trusted   {"answers": null}               blob: a capture that holds the answers
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from nbformat import NotebookNode
from pydantic import TypeAdapter

from grader.capture import decode, encode
from grader.errors import SubmissionError
from grader.kernel.channel import pack, read_message
from grader.model.job import Job
from grader.model.plan import Call, CallPlan, Rerun
from grader.model.submission import Submission
from grader.notebook import align, read
from grader.runner import Runner
from grader.spec import from_stamp

MEMORY_BYTES = 4 << 30


def main() -> int:
    """Serve one notebook."""
    # The protocol's descriptors are moved away, so that nothing that prints can disturb them.
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(2, 1)
    _limit_memory()
    header, data = read_message(source)
    asked = json.loads(header)
    try:
        if "peek" in asked:
            _say(sink, {"claims": _claims(read(data, str(asked["peek"])))})
            return 0
        job = TypeAdapter(Job).validate_python(asked["job"])
        return asyncio.run(_serve(job, data, source, sink))
    except SubmissionError as error:
        _say(sink, {"refused": {"id": error.message_id, "params": dict(error.params)}})
        return 0


def _claims(notebook: NotebookNode) -> str | None:
    """The assignment that a notebook says it answers, None when it says nothing."""
    stamp = notebook.metadata.get("grader")
    assignment = stamp.get("assignment") if isinstance(stamp, dict) else None
    claimed = assignment.get("id") if isinstance(assignment, dict) else None
    return claimed[:200] if isinstance(claimed, str) else None


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    with contextlib.suppress(OSError, ValueError):  # macOS knows the limit but does not take it
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _say(sink: BinaryIO, body: dict[str, Any], blob: bytes = b"") -> None:
    sink.write(pack(json.dumps(body).encode(), blob))
    sink.flush()


async def _serve(job: Job, data: bytes, source: BinaryIO, sink: BinaryIO) -> int:
    notebook = read(data, job.name)
    stamp = job.stamp if job.stamp is not None else notebook.metadata.get("grader")
    assignment = from_stamp(stamp)
    submission = align(notebook, assignment)
    companions = {name: base64.b64decode(text) for name, text in job.companions.items()}
    if job.folder is not None:
        companions |= _beside(Path(job.folder), assignment.files)
    runner = Runner(
        submission,
        keep=() if submission.own_names else job.keep,
        companions=companions,
        limits=job.limits,
        seed=job.seed,
        progress=lambda done, total: _say(sink, {"progress": [done, total]}),
    )
    async with runner:
        capture = await runner.execute()
        plain = TypeAdapter(Submission).dump_python(submission, mode="json")
        _say(sink, {"sealed": plain, "stamp": stamp}, encode(capture))
        header, blob = await asyncio.to_thread(read_message, source)
        plan = read_plan(json.loads(header)["plan"], blob)
        _say(sink, {"answers": None}, encode(await runner.ask(plan)))
    return 0


def _beside(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    files = {Path(name).name: folder / Path(name).name for name in names}
    return {name: path.read_bytes() for name, path in files.items() if path.is_file()}


def read_plan(body: dict[str, Any], blob: bytes) -> CallPlan:
    """A plan from `grader.pipeline`'s message."""
    drawn = decode(blob)
    inputs = {variation.id: variation.inputs for variation in drawn.variations}
    return CallPlan(
        calls=tuple(
            Call(
                id=item["id"],
                exercise=item["exercise"],
                function=item["function"],
                inputs=drawn.calls[item["id"]].inputs,
                cotangent=drawn.calls[item["id"]].cotangent,
            )
            for item in body["calls"]
        ),
        reruns=tuple(
            Rerun(item["id"], item["exercise"], item["cell"], inputs[item["id"]])
            for item in body["reruns"]
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
