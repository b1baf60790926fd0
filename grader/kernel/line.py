"""The client's end of a forked kernel's line, in the place of jupyter_client's five sockets.

What arrives is a student's process speaking: what is no message of Jupyter's is dropped, what is
too large is read and thrown away, and a kernel that says more than is taken has to wait.
"""

from __future__ import annotations

import asyncio
import json
import socket
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from queue import Empty
from typing import Any

from grader.kernel.channel import HEADER, MAGIC, pack

Message = dict[str, Any]
MAX_MESSAGE = 16 << 20
_WAITING = 64
_CHUNK = 1 << 16
_PARTS = ("header", "parent_header", "metadata", "content")


class Inbox:
    """What came on one channel, and where to answer: nbclient's view of a channel."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self.send = send
        self.messages: asyncio.Queue[Message] = asyncio.Queue(_WAITING)

    async def get_msg(self, timeout: float | None = None) -> Message:
        """The next message.

        Raises:
            Empty: none came within `timeout` seconds.
        """
        if not self.messages.empty():
            return self.messages.get_nowait()
        try:
            async with asyncio.timeout(timeout):
                return await self.messages.get()
        except TimeoutError:
            raise Empty from None


class Requests:
    """Jupyter's messages to a kernel. On a line nobody else can speak, so they are not signed."""

    def __init__(self) -> None:
        self._id = uuid.uuid4().hex
        self._count = 0

    def msg(self, kind: str, content: Message) -> Message:
        """A request."""
        self._count += 1
        header = {
            "msg_id": f"{self._id}_{self._count}",
            "msg_type": kind,
            "username": "grader",
            "session": self._id,
            "date": datetime.now(UTC).isoformat(),
            "version": "5.3",
        }
        return {"header": header, "parent_header": {}, "metadata": {}, "content": content}


class LineClient:
    """nbclient's client of a kernel, over one socket.

    Args:
        end: our end; the client owns it.
        alive: whether the kernel lives.
    """

    allow_stdin = False

    def __init__(self, end: socket.socket, alive: Callable[[], Awaitable[bool]]) -> None:
        self.session = Requests()
        self._alive = alive
        self._listening = False
        self._broken = False
        self.dropped = 0
        self.shell_channel = Inbox(self._send)
        self.iopub_channel = Inbox(self._send)
        self._end = end
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start reading."""
        reader, self._writer = await asyncio.open_connection(sock=self._end)
        self._task = asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                magic, length, more = HEADER.unpack(await reader.readexactly(HEADER.size))
                if magic != MAGIC:
                    break
                if length > MAX_MESSAGE or more:
                    self.dropped += 1
                    await _discard(reader, length + more)
                    continue
                channel, message = read(await reader.readexactly(length))
                if channel == "iopub" and self._listening:
                    await self.iopub_channel.messages.put(message)
                elif channel == "iopub" and not self.iopub_channel.messages.full():
                    self.iopub_channel.messages.put_nowait(message)
                elif channel == "shell" and not self.shell_channel.messages.full():
                    self.shell_channel.messages.put_nowait(message)
                else:
                    self.dropped += 1
        except (asyncio.IncompleteReadError, OSError):
            return
        # It broke the framing: nothing that comes is a message any more.
        self._broken = True
        await _discard(reader, None)

    def listen(self) -> None:
        """A cell runs: whoever publishes more than is read has to wait."""
        self._listening = True

    def ignore(self) -> None:
        """No cell runs: what is published is of no cell, and must not hold up replies."""
        self._listening = False
        while not self.iopub_channel.messages.empty():
            self.iopub_channel.messages.get_nowait()

    def _send(self, message: Message) -> None:
        if self._writer is not None:
            self._writer.write(pack(json.dumps(message).encode()))

    def execute(self, code: str, **options: Any) -> str:
        """Ask for code to be run; the id of the request."""
        content = {"code": code, "silent": False, "allow_stdin": False, "user_expressions": {}}
        message = self.session.msg("execute_request", content | options)
        self._send(message)
        return str(message["header"]["msg_id"])

    async def is_alive(self) -> bool:
        """Whether the kernel lives, and can still be understood."""
        return not self._broken and await self._alive()

    def stop_channels(self) -> None:
        """Stop reading and close our end."""
        if self._task is not None:
            self._task.cancel()
        if self._writer is not None:
            self._writer.close()
        else:
            self._end.close()


def read(data: bytes) -> tuple[str | None, Message]:
    """A message and its channel; None for what is no message."""
    try:
        told = json.loads(data)
        message: Message = {part: told[part] for part in _PARTS}
        if not all(isinstance(part, dict) for part in message.values()):
            return None, {}
        header = message["header"]
        message |= {"msg_id": header["msg_id"], "msg_type": header["msg_type"], "buffers": []}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, {}
    if not isinstance(message["msg_id"], str) or not isinstance(message["msg_type"], str):
        return None, {}
    channel = told.get("channel")
    return (channel if isinstance(channel, str) else None), message


async def _discard(reader: asyncio.StreamReader, left: int | None) -> None:
    """Read so many bytes, or all that will ever come, and forget them."""
    while left is None or left > 0:
        part = await reader.read(_CHUNK if left is None else min(left, _CHUNK))
        if not part:
            return
        left = None if left is None else left - len(part)
