"""The framing of the sockets and pipes between the processes: header, JSON, blob.

What arrives may come from a student's process: lengths are checked before anything is read, and
beyond a budget everything is read and thrown away, so that the writer never blocks for ever.
"""

from __future__ import annotations

import asyncio
import socket
import struct

HEADER = struct.Struct(">4sIQ")
MAGIC = b"GRD1"
MAX_JSON = 32 << 20
_CHUNK = 1 << 16


class ChannelClosed(Exception):
    """The other end is gone, broke the framing, or used up its budget."""


def pack(header: bytes, blob: bytes = b"") -> bytes:
    """A message as bytes."""
    return HEADER.pack(MAGIC, len(header), len(blob)) + header + blob


def unpack_header(data: bytes, budget: int) -> tuple[int, int]:
    """Lengths of the JSON and of the blob.

    Raises:
        ChannelClosed: not this framing, or more than `budget` bytes.
    """
    magic, json_length, blob_length = HEADER.unpack(data)
    if magic != MAGIC:
        raise ChannelClosed("not the framing")
    if json_length > MAX_JSON or json_length + blob_length > budget:
        raise ChannelClosed("more than the channel may carry")
    return json_length, blob_length


def unpack(message: bytes, budget: int = 1 << 30) -> tuple[bytes, bytes]:
    """The JSON and the blob of a whole message (between processes of our own).

    Raises:
        ChannelClosed: it breaks the framing.
    """
    if len(message) < HEADER.size:
        raise ChannelClosed("not the framing")
    lengths = unpack_header(message[: HEADER.size], budget)
    if len(message) != HEADER.size + sum(lengths):
        raise ChannelClosed("not the framing")
    middle = HEADER.size + lengths[0]
    return message[HEADER.size : middle], message[middle:]


class Channel:
    """Our end of a socket to a student's process, read concurrently into a bounded queue.

    Args:
        end: our end; the channel owns it.
        budget: bytes that it accepts in all. What comes after that is drained, not kept.
    """

    def __init__(self, end: socket.socket, budget: int) -> None:
        self._end = end
        self._left = budget
        self._messages: asyncio.Queue[tuple[bytes, bytes] | None] = asyncio.Queue()
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self.dropped = 0

    async def open(self) -> None:
        """Start reading."""
        reader, self._writer = await asyncio.open_connection(sock=self._end)
        self._task = asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                lengths = unpack_header(await reader.readexactly(HEADER.size), self._left)
                self._left -= sum(lengths)
                header = await reader.readexactly(lengths[0])
                blob = await reader.readexactly(lengths[1])
                self._messages.put_nowait((header, blob))
        except (ChannelClosed, asyncio.IncompleteReadError, OSError):
            self.dropped += 1
        self._messages.put_nowait(None)
        try:
            while await reader.read(_CHUNK):
                pass
        except OSError:
            return

    async def next(self, seconds: float) -> tuple[bytes, bytes]:
        """The next message.

        Raises:
            ChannelClosed: none came in time, or none will ever come.
        """
        if self._messages.empty():
            try:
                async with asyncio.timeout(seconds):
                    message = await self._messages.get()
            except TimeoutError:
                raise ChannelClosed("no message in time") from None
        else:
            message = self._messages.get_nowait()
        if message is None:
            self._messages.put_nowait(None)
            raise ChannelClosed("the other end is gone")
        return message

    async def send(self, header: bytes, blob: bytes = b"", seconds: float = 10.0) -> None:
        """Send a message.

        Raises:
            ChannelClosed: it could not be delivered in time.
        """
        if self._writer is None:
            raise ChannelClosed("not open")
        try:
            self._writer.write(pack(header, blob))
            async with asyncio.timeout(seconds):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise ChannelClosed("could not be sent") from error

    def unasked(self) -> tuple[tuple[bytes, bytes], ...]:
        """Take the messages that came without being waited for."""
        found: list[tuple[bytes, bytes]] = []
        while not self._messages.empty():
            message = self._messages.get_nowait()
            if message is None:
                self._messages.put_nowait(None)
                break
            found.append(message)
        return tuple(found)

    def hand_over(self, end: socket.socket) -> None:
        """Send a descriptor, with one byte that is of no message.

        Raises:
            OSError: the other end is gone, or takes nothing.
        """
        socket.send_fds(self._end, [b"\0"], [end.fileno()])

    async def close(self) -> None:
        """Stop reading and close our end."""
        if self._task is not None:
            self._task.cancel()
        if self._writer is not None:
            self._writer.close()
        else:
            self._end.close()
