"""The hostile side's process: parses a notebook, has it run, decodes what was observed.

One process for a notebook, with its memory limited, forked from one that has only imported this
module. It talks to the trusted side in the framing of `grader.kernel.channel`. It knows the public
part of the assignment and nothing else: no reference, no other check, no gradebook.

    trusted → slot   {"peek": name}   blob: the notebook's bytes
    slot → trusted   {"claims": the assignment that the notebook names}     and it ends
    trusted → slot   {"job": …}       blob: the notebook's bytes
    slot → trusted   {"progress": [done, all]}
                     {"refused": {"id", "params"}}                     and it ends
                     {"sealed": submission, "stamp"}  blob: the capture of the run;
                     the stamp is the notebook's own, where the job has none
    trusted → slot   {"plan": {"calls", "reruns"}}   blob: a capture that holds the plan's inputs
    slot → trusted   {"answers": null}               blob: a capture that holds the answers
    slot → trusted   {"fault": text}                 instead of any of these, and it ends
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gc
import json
import multiprocessing
import os
import threading
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import nbformat.v4
import psutil
from nbformat import NotebookNode

from grader import system
from grader.capture import decode, encode
from grader.errors import SubmissionError
from grader.kernel.channel import pack, unpack
from grader.model.exercise import Assignment, Check, Exercise
from grader.model.job import Job
from grader.model.observation import Capture, RunInfo
from grader.model.plan import Call, CallPlan, Rerun
from grader.model.submission import Submission
from grader.notebook import align, read
from grader.runner import Runner
from grader.spec import adapter, from_stamp

MEMORY_BYTES = 4 << 30


def serve(end: Connection[bytes, bytes]) -> None:
    """Serve one notebook over `end`: the whole life of a slot."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _limit_memory()
    try:
        header, data = unpack(end.recv_bytes())
        asked = json.loads(header)
        if "peek" in asked:
            _say(end, {"claims": _claims(read(data, str(asked["peek"])))})
        else:
            job = adapter(Job).validate_python(asked["job"])
            try:
                with asyncio.Runner(loop_factory=system.new_loop()) as runner:
                    runner.run(_run(job, data, end))
            finally:
                if job.server is None:  # a server ends what its kernels started
                    _end_descendants()
    except SubmissionError as error:
        _say(end, {"refused": {"id": error.message_id, "params": dict(error.params)}})
    except (EOFError, BrokenPipeError):
        return  # the trusted side is gone
    except BaseException:
        _say(end, {"fault": traceback.format_exc()[-4000:]})


def rehearse() -> None:
    """Build once, in the process that slots are forked from, what each would build for itself.

    Neither a thread nor a socket is made.
    """
    for kind in (Job, Submission, Assignment, Exercise, *Check.__args__):
        adapter(kind)
    nbformat.v4.new_output("display_data")  # compiles nbformat's schema
    decode(encode(Capture(seed=0, run=RunInfo("completed"))))
    gc.collect()
    gc.freeze()


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


def _end_with_parent() -> None:
    """End when the trusted side does, whatever this process waits for: nobody waits for it.

    A trusted side that was killed closes nothing in order, and a kernel, its limits and its keepers
    may be waited for a minute and more.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _end_descendants()
        os._exit(1)


def _end_descendants() -> None:
    """Kill what a notebook started and that left its kernel's session (it was adopted here)."""
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            process.kill()


def _say(end: Connection[bytes, bytes], body: dict[str, Any], blob: bytes = b"") -> None:
    end.send_bytes(pack(json.dumps(body).encode(), blob))


async def _run(job: Job, data: bytes, end: Connection[bytes, bytes]) -> None:
    notebook = read(data, job.name, exercises=job.stamp is None)
    own = notebook.metadata.get("grader") if job.stamp is None else None
    assignment = from_stamp(job.stamp if job.stamp is not None else own)
    submission = align(notebook, assignment)
    companions = {name: base64.b64decode(text) for name, text in job.companions.items()}
    if job.folder is not None:
        companions |= _beside(Path(job.folder), assignment.files)
    runner = Runner(
        submission,
        keep=() if submission.own_names else job.keep,
        companions=companions,
        limits=job.limits if job.stamp is not None else assignment.limits,
        seed=job.seed,
        server=job.server,
        progress=lambda done, total: _say(end, {"progress": [done, total]}),
    )
    async with runner:
        capture = await runner.execute()
        plain = adapter(Submission).dump_python(submission, mode="json")
        _say(end, {"sealed": plain, "stamp": own}, encode(capture))
        header, blob = unpack(end.recv_bytes())
        plan = read_plan(json.loads(header)["plan"], blob)
        _say(end, {"answers": None}, encode(await runner.ask(plan)))


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
            Rerun(item["id"], item["exercise"], item["cell"], inputs[item["id"]], item["until"])
            for item in body["reruns"]
        ),
    )
