"""Frames on a unix stream socket: `>4sIQ` (magic, length of JSON, length of blob), JSON, blob.

The blob is a safetensors file; JSON names arrays by the digest of their content. The protocol is in
docs/architecture.md.
"""

from __future__ import annotations

import _signal
import hashlib
import json
import os
import signal
import socket
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from safetensors.numpy import load as load_blob
from safetensors.numpy import save as save_blob

Message = dict[str, Any]
Arrays = dict[str, np.ndarray]

MAGIC = b"GRD1"
HEADER = struct.Struct(">4sIQ")
JSON_LIMIT = 32 << 20
BLOB_LIMIT = 128 << 20
_SIGNALS = [int(number) for number in signal.valid_signals()]
_mask = getattr(_signal, "pthread_sigmask", None)  # not on Windows
PATIENCE = 20.0  # seconds that a full socket may hold the student's run up, once


def digest(array: np.ndarray) -> str:
    """The key of an array: what it holds, its shape and its dtype, in 32 hexadecimal digits."""
    told = hashlib.blake2b(f"{array.dtype.str}{array.shape}".encode(), digest_size=16)
    told.update(array.data if array.size else b"")
    return told.hexdigest()


def frame(message: Message, arrays: Arrays) -> bytes:
    """A message as it goes over the socket."""
    # "replace": a lone surrogate in a label or a text is no Unicode that a reader may have
    plain = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
    text = plain.encode("utf-8", "replace")
    blob = save_blob(arrays) if arrays else b""
    return b"".join((HEADER.pack(MAGIC, len(text), len(blob)), text, blob))


def uninterrupted(act: Callable[..., None], *arguments: Any) -> None:
    """Act while signals wait: half a frame cannot be followed by another.

    `signal.pthread_sigmask` makes an enum of each of 64 signals, which takes longer than a frame.
    It runs handlers of signals that came just before, inside the first call too. What they raise
    leaves no block: between `finally` and the call there is no place for them, as there would be
    at the beginning of an `__exit__`.
    """
    if _mask is None:
        act(*arguments)
        return
    before = _mask(signal.SIG_BLOCK, ())
    try:
        _mask(signal.SIG_BLOCK, _SIGNALS)
        act(*arguments)
    finally:
        _mask(signal.SIG_SETMASK, before)


def unblock() -> None:
    """Have no signal wait any more."""
    if _mask is not None:
        _mask(signal.SIG_SETMASK, ())


class Channel:
    """One end of a socket. Sending never raises: once the peer is gone or stuck, it is closed."""

    def __init__(self, end: socket.socket, patience: float = PATIENCE) -> None:
        self.socket: socket.socket | None = end
        self.sent: set[str] = set()
        end.settimeout(patience)

    @classmethod
    def of(cls, descriptor: int) -> Channel:
        """The channel of an inherited descriptor, which the student's children do not inherit."""
        end = socket.socket(fileno=descriptor)
        end.set_inheritable(False)
        return cls(end)

    def send(self, message: Message, arrays: Arrays) -> bool:
        """Send, with those arrays that were not sent before; False when nobody listens any more."""
        fresh = {key: array for key, array in arrays.items() if key not in self.sent}
        if not self.pass_on(frame(message, fresh)):
            return False
        self.sent.update(fresh)
        return True

    def pass_on(self, data: bytes) -> bool:
        """Send a whole frame as it is."""
        if self.socket is None:
            return False
        try:
            uninterrupted(self.socket.sendall, data)
        except OSError:  # a frame cut short cannot be followed by another
            self.close()
            return False
        return True

    def take(self) -> socket.socket | None:
        """The socket that was handed over; None when there is none or no room for another."""
        if self.socket is None:
            return None
        try:
            _, descriptors, _, _ = socket.recv_fds(self.socket, 1, 1)
        except OSError:
            return None
        if not descriptors:
            return None
        import fcntl  # noqa: PLC0415 - there is none on Windows, where nothing is handed over

        # Not in the place of a standard stream that the student closed.
        above = fcntl.fcntl(descriptors[0], fcntl.F_DUPFD_CLOEXEC, 3)
        os.close(descriptors[0])
        return socket.socket(fileno=above)

    def close(self) -> None:
        """Close this end; sending is without effect from now on."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def receive(end: socket.socket) -> tuple[Message, Arrays] | None:
    """The next message of a blocking socket, or None at its end."""
    raw = receive_raw(end)
    return None if raw is None else parse(raw)


def parse(raw: bytes) -> tuple[Message, Arrays]:
    """A frame taken apart."""
    _, text, _ = HEADER.unpack_from(raw)
    start = HEADER.size + text
    blob = raw[start:]
    return json.loads(raw[HEADER.size : start]), load_blob(blob) if blob else {}


def receive_raw(end: socket.socket) -> bytes | None:
    """The bytes of the next frame, or None at the end of the stream; ValueError for no frame."""
    head = _exactly(end, HEADER.size)
    if head is None:
        return None
    magic, text, blob = HEADER.unpack(head)
    if magic != MAGIC or text > JSON_LIMIT or blob > BLOB_LIMIT:
        raise ValueError("not a frame")
    rest = _exactly(end, text + blob)
    return None if rest is None else head + rest


def _exactly(end: socket.socket, count: int) -> bytes | None:
    parts = []
    while count:
        try:
            part = end.recv(min(count, 1 << 20))
        except ConnectionError:
            return None
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
