"""Jupyter's messages over one unix stream socket, in place of ZeroMQ's five.

A forked kernel has one client, which forked it: there is nothing to connect to, no path, no key, no
thread. Frames are those of `wire`, without a blob; their JSON is a message with its `channel`.
"""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import socket
import tempfile
import threading
from typing import Any

from jupyter_client.jsonutil import json_clean, json_default
from jupyter_client.session import Session

from .wire import HEADER, MAGIC, receive, uninterrupted

GONE = (errno.EPIPE, errno.ECONNRESET, errno.EBADF, errno.ENOTCONN, errno.ESHUTDOWN)
CHUNK = 1 << 16  # characters of one message with printed text
CAUGHT = 1 << 20  # bytes that are read of what other programs printed, at a time


class Line:
    """The kernel's end. Sending never raises: once the client is gone, nothing is sent."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end
        self.lock = threading.RLock()

    def send(self, channel: str, message: dict[str, Any]) -> None:
        """Send a message, whole, whichever thread sends it."""
        text = plain(dict(message, channel=channel))
        with self.lock:
            try:
                uninterrupted(self.socket.sendall, HEADER.pack(MAGIC, len(text), 0) + text)
            except OSError as error:
                if error.errno not in GONE:  # what a student's own handler of a signal raised
                    raise

    def receive(self) -> dict[str, Any] | None:
        """The next request, None when the client is gone."""
        got = receive(self.socket)
        return None if got is None else got[0]


def plain(message: dict[str, Any]) -> bytes:
    """A message as JSON; what JSON has no words for is made plain as Jupyter does."""
    try:
        text = json.dumps(message, default=json_default, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        clean = json_clean(message)
        text = json.dumps(clean, default=json_default, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace")


class LineSession(Session):
    """Jupyter's session; what it sends to is the name of a channel. Forks have no say."""

    line: Line | None = None

    def send(  # noqa: PLR0917 - the signature is Jupyter's
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        """Send a message that is made, or is to be made of the other arguments."""
        message = msg_or_type
        if not isinstance(message, dict):
            message = self.msg(
                message, content=content, parent=parent, header=header, metadata=metadata
            )
        if self.line is not None and os.getpid() == self.pid:
            told = ("header", "parent_header", "metadata", "content")
            self.line.send(stream, {key: message[key] for key in told})
        return message


class Printed(io.TextIOBase):
    """What `sys.stdout` or `sys.stderr` is: text goes to the client, in pieces, at a cell's end.

    Other programs print to the descriptor, which leads to a nameless file. What stands there is
    sent before what is printed after it.
    """

    def __init__(self, session: LineSession, name: str, descriptor: int) -> None:
        self.session = session
        self.name = name
        self.descriptor = descriptor
        self.parent_header: Any = {}
        self.lock = threading.RLock()
        self.parts: list[str] = []
        self.size = 0
        self.pid = os.getpid()
        with tempfile.TemporaryFile(buffering=0) as file:
            # Whoever writes, writes at the end, also after the file was emptied.
            fcntl.fcntl(file, fcntl.F_SETFL, fcntl.fcntl(file, fcntl.F_GETFL) | os.O_APPEND)
            os.dup2(file.fileno(), descriptor)
            self.file = os.fstat(descriptor)

    encoding = "UTF-8"  # type: ignore[assignment]
    errors = "replace"  # type: ignore[assignment]

    def set_parent(self, parent: Any) -> None:
        """The request that is answered from now on."""
        self.parent_header = parent["header"]

    def write(self, text: str) -> int:
        """Take text; `TypeError` for anything else, `ValueError` when closed."""
        if self.closed:
            raise ValueError("I/O operation on closed file")
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self.pid:  # a child of the student's own
            os.write(self.descriptor, text.encode("utf-8", "replace"))
            return len(text)
        with self.lock:
            uninterrupted(self.take, text)
        return len(text)

    def take(self, text: str) -> None:
        """Put text behind what is to be sent, and send it where that is much."""
        if self.grown():
            self.flush()
        self.parts.append(text)
        self.size += len(text)
        if self.size >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Send what was printed, by this process and then by others."""
        if self.closed or os.getpid() != self.pid:
            return
        with self.lock:
            uninterrupted(self.tell_all)

    def tell_all(self) -> None:
        """Send what there is."""
        text, self.parts, self.size = "".join(self.parts), [], 0
        for start in range(0, len(text), CHUNK):
            self.tell(text[start : start + CHUNK])
        caught = self.caught()
        if caught:
            self.tell(caught)

    def grown(self) -> bool:
        """Whether other programs printed. What a student puts in the file's place is theirs."""
        try:
            found = os.fstat(self.descriptor)
        except OSError:
            return False
        return os.path.samestat(found, self.file) and found.st_size > 0

    def caught(self) -> str:
        """What other programs printed since it was asked last."""
        if not self.grown():
            return ""
        try:
            data = os.pread(self.descriptor, CAUGHT, 0)
            os.ftruncate(self.descriptor, 0)
        except OSError:
            return ""
        return data.decode("utf-8", "replace")

    def tell(self, text: str) -> None:
        """Send one message."""
        content = {"name": self.name, "text": text}
        self.session.send("iopub", "stream", content, parent={"header": self.parent_header})

    def close(self) -> None:
        """Take no more text."""
        if not self.closed:
            self.flush()
            super().close()

    def fileno(self) -> int:
        """The descriptor that other programs print to."""
        return self.descriptor

    def isatty(self) -> bool:
        """No terminal."""
        return False

    def writable(self) -> bool:
        """Everything may be written."""
        return True
