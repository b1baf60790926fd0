"""What goes to other machines and comes back: JSON and bytes in the framing of `kernel.channel`.

    course   {"grader", "assignment", "language", "isolation", "files": [[name, size]]}
                                                    blob: companions and references
    task     {"name", "seed", "files": [[name, size]]}
                                                    blob: what was handed in
    judged   {"result", "reason", "fault", "submission", "capture": its size}
                                                    blob: the capture, and what references answered
    cannot   {"cannot": text}                       the machine lacks something

To a station (`grader.cli.station`) and back each travels as the blob of {"number"}: null for a
course and for `cannot`, else the one by which a task is known.

No pickle of ours: what a student's code had a hand in is read as JSON and safetensors, and held
against the types again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import grader
from grader.batch.one import Judged
from grader.batch.work import Orders, Task
from grader.capture import decode, encode
from grader.errors import MachineError
from grader.kernel.channel import HEADER, ChannelClosed, pack, unpack, unpack_header
from grader.model.exercise import Assignment
from grader.model.record import Observed
from grader.model.result import Result
from grader.model.submission import Message, Submission
from grader.reference import keep, kept
from grader.spec import adapter

_MOST = 1 << 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All that another machine needs to grade by.

    Attributes:
        references: exercise → the source of its `reference.py`.
        isolation: which walls, as the command's option says it.
    """

    orders: Orders
    references: Mapping[str, bytes] = field(repr=False)
    isolation: str


def course_bytes(course: Course) -> bytes:
    """A course, to be sent."""
    orders = course.orders
    body = {
        "grader": grader.__version__,
        "assignment": adapter(Assignment).dump_python(orders.assignment),
        "language": orders.language,
        "isolation": course.isolation,
    }
    return _with_files(body, {**_keyed("c", orders.companions), **_keyed("r", course.references)})


def course_of(data: bytes) -> Course:
    """A course that was sent.

    Raises:
        MachineError: by another version of the grader, which may judge otherwise.
    """
    body, files = _files_of(data)
    if body["grader"] != grader.__version__:
        raise MachineError(
            f"expected grader {body['grader']}, as where the batch was called, found "
            f"{grader.__version__}. Install the same version everywhere."
        )
    orders = Orders(
        assignment=adapter(Assignment).validate_python(body["assignment"]),
        companions=_of_key("c", files),
        language=body["language"],
    )
    references = _of_key("r", files)
    return Course(orders=orders, references=references, isolation=body["isolation"])


def task_bytes(task: Task) -> bytes:
    """A task, to be sent."""
    return _with_files({"name": task.name, "seed": task.seed}, task.files)


def task_of(data: bytes) -> Task:
    """A task that was sent."""
    body, files = _files_of(data)
    return Task(body["name"], files, int(body["seed"]))


def judged_bytes(judged: Judged) -> bytes:
    """What came of a task, to be sent."""
    seen, reason = judged.observed, judged.reason
    body = {
        "result": adapter(Result).dump_python(judged.result),
        "reason": None if reason is None else adapter(Message).dump_python(reason),
        "fault": judged.fault,
        "submission": None if seen is None else adapter(Submission).dump_python(seen.submission),
    }
    capture = b"" if seen is None else encode(seen.capture)
    answers = b"" if seen is None else keep(seen.answers)
    return pack(json.dumps({**body, "capture": len(capture)}).encode(), capture + answers)


def cannot_bytes(why: str) -> bytes:
    """That a machine cannot grade, to be sent."""
    return pack(json.dumps({"cannot": why}).encode())


def numbered(number: int | None, message: bytes) -> bytes:
    """A message in its cover."""
    return pack(json.dumps({"number": number}).encode(), message)


def opened(cover: bytes) -> tuple[int | None, bytes]:
    """A message out of its cover, and its number."""
    header, message = unpack(cover, _MOST)
    return json.loads(header)["number"], message


def refusal(message: bytes) -> str | None:
    """Why a machine cannot grade; None where it did."""
    why: str | None = json.loads(unpack(message, _MOST)[0]).get("cannot")
    return why


def judged_of(data: bytes) -> Judged:
    """What came of a task.

    Raises:
        MachineError: the machine cannot grade.
        ValueError, FrameError: it is not what was sent.
    """
    header, blob = unpack(data, _MOST)
    body = json.loads(header)
    if "cannot" in body:
        raise MachineError(str(body["cannot"]))
    observed = None
    if body["submission"] is not None:
        submission = adapter(Submission).validate_python(body["submission"])
        size = int(body["capture"])
        observed = Observed(submission, decode(blob[:size]), kept(blob[size:]))
    return Judged(
        result=adapter(Result).validate_python(body["result"]),
        observed=observed,
        reason=None if body["reason"] is None else adapter(Message).validate_python(body["reason"]),
        fault=body["fault"],
    )


def read(stream: BinaryIO) -> bytes | None:
    """The next message of an unbuffered pipe, whole; None at its end."""
    head = _exactly(stream, HEADER.size)
    if head is None:
        return None
    try:
        rest = _exactly(stream, sum(unpack_header(head, _MOST)))
    except ChannelClosed:
        return None
    return None if rest is None else head + rest


def _exactly(stream: BinaryIO, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = stream.read(size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


def _with_files(body: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    sizes = [[name, len(data)] for name, data in files.items()]
    return pack(json.dumps({**body, "files": sizes}).encode(), b"".join(files.values()))


def _files_of(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    header, blob = unpack(data, _MOST)
    body: dict[str, Any] = json.loads(header)
    files, at = {}, 0
    for name, size in body.pop("files"):
        files[name] = blob[at : at + size]
        at += size
    return body, files


def _keyed(kind: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{kind}/{name}": data for name, data in files.items()}


def _of_key(kind: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name[2:]: data for name, data in files.items() if name.startswith(f"{kind}/")}
