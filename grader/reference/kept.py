"""Answers that outlive the process that gave them: a corrected check need not ask them again."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from grader.model.expectation import Expectation, Request
from grader.numerics import decided
from grader.reference import wire
from grader.reference.wire import Packer

_PROGRAM = (
    ("grader.reference", "evaluate.py"),
    ("grader.reference", "forks.py"),
    ("grader.reference", "jitter.py"),
    ("grader.reference", "kinks.py"),
    ("grader.reference", "limits.py"),
    ("grader.reference", "wire.py"),
    ("grader.reference", "worker.py"),
    ("grader.numerics", "precision.py"),
)


def lasting(answer: Expectation) -> bool:
    """Whether the same question has the same answer later: a busy machine may be to blame."""
    return answer.error not in ("timeout", "memory")


def fitting(request: Request, answer: Expectation) -> Expectation | None:
    """What the reference would have answered to `request`, by what it did to the same question.

    Something else may have been held against that answer. Nothing but the spread depends on it,
    which is there where it may decide: None where it may and is not known.
    """
    exact = None if answer.exact is None else answer.exact.data
    own = None if answer.own is None else answer.own.data
    if answer.error is not None or exact is None or own is None or exact.dtype.kind not in "fc":
        return answer
    if request.actual is not None and decided(request.actual, exact, own, request.dtype):
        return answer if answer.spread is None else replace(answer, spread=None)
    return None if answer.spread is None else answer


def author(path: Path) -> bytes:
    """A digest of what answers: the reference at `path`, our program, and torch's version."""
    digest = hashlib.sha256(_program())
    digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.digest()


@cache
def _program() -> bytes:
    digest = hashlib.sha256(version("torch").encode())
    for package, name in _PROGRAM:
        digest.update((files(package) / name).read_bytes())
    return digest.digest()


def keep(answers: Iterable[Expectation]) -> bytes:
    """Answers as bytes, those that do not last left out: JSON and safetensors."""
    packer = Packer()
    packed = [
        {**packer.expectation(answer), "key": "", "digest": answer.digest}
        for answer in answers
        if lasting(answer)
    ]
    return wire.dump({"answers": packed}, packer)


def kept(data: bytes) -> tuple[Expectation, ...]:
    """The answers in `keep`'s bytes; none where they cannot be read, and they are asked again."""
    try:
        read = wire.read(io.BytesIO(data))
        if read is None:
            return ()
        message, unpacker = read
        return tuple(unpacker.expectation(packed) for packed in message["answers"])
    except (wire.WireError, KeyError, TypeError, ValueError):
        return ()
