"""Framing between the grader and its reference worker: `>4sIQ`, JSON, a safetensors blob.

No pickle: the values in a request came from a student. No torch: the trusted side imports this.
A 0-d or n-d array travels exactly, in one of float64, int64, uint64, bool; complex128 as float64
with a last axis of 2.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load, save

from grader.model.expectation import Expectation, Request
from grader.model.value import Kind, Value

HEADER = struct.Struct(">4sIQ")
MAGIC = b"GRD1"
MAX_JSON = 1 << 28
MAX_BLOB = 1 << 32

Json = dict[str, Any]


class WireError(Exception):
    """What came in is not a message: the other end died, or wrote nonsense."""


@dataclass(slots=True)
class Packer:
    """Collects arrays under their digests, each once."""

    arrays: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def array(self, data: npt.NDArray[Any]) -> Json:
        """The JSON that stands for `data`."""
        is_complex = data.dtype.kind == "c"
        if is_complex:
            data = np.ascontiguousarray(data, dtype=np.complex128)
            data = data.view(np.float64).reshape(*data.shape, 2)
        data = np.ascontiguousarray(data).reshape(data.shape)
        tag = f"{data.dtype.str}{data.shape}".encode()
        key = hashlib.blake2b(tag + data.tobytes(), digest_size=16).hexdigest()
        self.arrays[key] = data
        return {"data": key, "complex": is_complex}

    def value(self, value: Value | None) -> Json | None:
        """The JSON of a value; what only the capture cares about (id, grad) is left out."""
        if value is None:
            return None
        plain: Json = {"kind": value.kind, "dtype": value.dtype, "text": value.text}
        return plain if value.data is None else plain | self.array(value.data)

    def request(self, request: Request) -> Json:
        """The JSON of a request."""
        return {
            "key": request.key,
            "exercise": request.exercise,
            "function": request.function,
            "dtype": request.dtype,
            "roles": {name: self.value(value) for name, value in request.roles.items()},
            "actual": self.value(request.actual),
        }

    def expectation(self, answer: Expectation) -> Json:
        """The JSON of an answer."""
        return {
            "key": answer.key,
            "error": answer.error,
            "exact": self.value(answer.exact),
            "own": self.value(answer.own),
            "spread": None if answer.spread is None else self.array(answer.spread),
            "limits": None if answer.limits is None else self.array(answer.limits),
            "terms": answer.terms,
        }


@dataclass(frozen=True, slots=True)
class Unpacker:
    """The other way round."""

    arrays: Mapping[str, npt.NDArray[Any]]

    def array(self, packed: Json) -> npt.NDArray[Any]:
        """The array that the JSON stands for."""
        data = self.arrays[packed["data"]]
        return data.view(np.complex128).reshape(data.shape[:-1]) if packed["complex"] else data

    def value(self, packed: Json | None) -> Value | None:
        """The value that the JSON stands for."""
        if packed is None:
            return None
        kind: Kind = packed["kind"]
        if "data" not in packed:
            return Value(kind, packed["dtype"], text=packed["text"])
        data = self.array(packed)
        return Value(kind, packed["dtype"], data.shape, data)

    def request(self, packed: Json) -> Request:
        """The request that the JSON stands for."""
        roles = {name: self.value(value) for name, value in packed["roles"].items()}
        return Request(
            key=packed["key"],
            exercise=packed["exercise"],
            function=packed["function"],
            roles=roles,
            dtype=packed["dtype"],
            actual=self.value(packed["actual"]),
        )

    def expectation(self, packed: Json) -> Expectation:
        """The answer that the JSON stands for."""
        return Expectation(
            key=packed["key"],
            exact=self.value(packed["exact"]),
            own=self.value(packed["own"]),
            spread=None if packed["spread"] is None else self.array(packed["spread"]),
            limits=None if packed["limits"] is None else self.array(packed["limits"]),
            terms=packed["terms"],
            error=packed["error"],
            digest=packed.get("digest", ""),
        )


def dump(message: Json, packer: Packer | None = None) -> bytes:
    """One message as bytes."""
    text = json.dumps(message).encode()
    blob = save(packer.arrays) if packer and packer.arrays else b""
    return HEADER.pack(MAGIC, len(text), len(blob)) + text + blob


def read(stream: BinaryIO) -> tuple[Json, Unpacker] | None:
    """The next message, None at a clean end.

    Raises:
        WireError: the stream ends within a message, or what came is none.
    """
    head = _take(stream, HEADER.size)
    if not head:
        return None
    if len(head) < HEADER.size:
        raise WireError("the message ends within its header")
    magic, text_size, blob_size = HEADER.unpack(head)
    if magic != MAGIC or text_size > MAX_JSON or blob_size > MAX_BLOB:
        raise WireError("not a message of the reference worker")
    text, blob = _take(stream, text_size), _take(stream, blob_size)
    if len(text) < text_size or len(blob) < blob_size:
        raise WireError("the message ends early")
    try:
        message = json.loads(text)
        return message, Unpacker(load(blob) if blob else {})
    except Exception as error:
        raise WireError(f"the message does not parse: {error}") from error


def _take(stream: BinaryIO, size: int) -> bytes:
    """So many bytes, fewer at the end; an unbuffered stream gives them piecemeal."""
    parts: list[bytes] = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def digest(request: Request) -> str:
    """Equal for requests that ask the same, whatever will be held against the answer."""
    told = hashlib.blake2b(digest_size=16)
    told.update(repr((request.exercise, request.function, request.dtype)).encode())
    for name, value in sorted(request.roles.items()):
        data = None if value is None else value.data
        shape = None if data is None else (data.dtype.str, data.shape)
        what = None if value is None else (value.kind, value.dtype, value.text)
        told.update(repr((name, what, shape)).encode("utf-8", "backslashreplace"))
        told.update(b"" if data is None else data.tobytes())
    return told.hexdigest()
