"""What a kernel says over its line arrives, and what is no message does not."""

from __future__ import annotations

import asyncio
import json
import socket
from queue import Empty

import pytest

from grader.kernel.channel import HEADER, MAGIC
from grader.kernel.line import MAX_MESSAGE, LineClient


def message(**changes: object) -> bytes:
    told = {
        "channel": "iopub",
        "header": {"msg_id": "m", "msg_type": "stream"},
        "parent_header": {"msg_id": "p"},
        "metadata": {},
        "content": {"text": "hello"},
    }
    return json.dumps(told | changes).encode()


def frame(text: bytes) -> bytes:
    return HEADER.pack(MAGIC, len(text), 0) + text


async def alive() -> bool:
    return True


async def heard(*sent: bytes) -> tuple[list[dict], LineClient]:
    """What a client takes for messages on iopub, when these bytes come and then the end."""
    ours, theirs = socket.socketpair()
    client = LineClient(ours, alive)
    await client.open()
    writing = asyncio.to_thread(_write, theirs, sent)
    found = []
    await writing
    await asyncio.wait_for(client._task, 30)
    while not client.iopub_channel.messages.empty():
        found.append(await client.iopub_channel.get_msg())
    client.stop_channels()
    return found, client


def _write(end: socket.socket, sent: tuple[bytes, ...]) -> None:
    with end:
        for part in sent:
            end.sendall(part)


def test_a_message_arrives_as_nbclient_wants_it():
    (found,), _ = asyncio.run(heard(frame(message())))
    assert found["msg_type"] == "stream"
    assert found["msg_id"] == "m"
    assert found["parent_header"]["msg_id"] == "p"
    assert found["content"] == {"text": "hello"}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        message(channel="stdin"),
        message(channel=["iopub"]),
        message(header={}),
        message(header={"msg_id": 1, "msg_type": "stream"}),
        message(header={"msg_id": "m", "msg_type": None}),
        message(parent_header=[1]),
        message(content=None),
        message(metadata="x"),
    ],
    ids=lambda text: repr(text[:50]),
)
def test_what_is_no_message_is_dropped_and_the_next_one_arrives(text):
    found, client = asyncio.run(heard(frame(text), frame(message())))
    assert len(found) == 1
    assert client.dropped == 1


def test_what_is_too_large_is_thrown_away_and_the_next_one_arrives():
    huge = b"x" * (MAX_MESSAGE + 1)
    found, client = asyncio.run(heard(frame(huge), frame(message())))
    assert [one["content"] for one in found] == [{"text": "hello"}]
    assert client.dropped == 1


def test_a_kernel_that_breaks_the_framing_is_as_good_as_dead():
    async def scenario():
        found, client = await heard(b"X" * HEADER.size, frame(message()))
        return found, await client.is_alive()

    assert asyncio.run(scenario()) == ([], False)


def test_replies_that_nobody_asked_for_do_not_hold_up_what_is_published():
    replies = [frame(message(channel="shell"))] * 1000
    found, client = asyncio.run(heard(*replies, frame(message())))
    assert len(found) == 1
    assert client.dropped == 1000 - client.shell_channel.messages.maxsize


def test_no_message_in_time_is_empty():
    async def scenario():
        ours, theirs = socket.socketpair()
        client = LineClient(ours, alive)
        await client.open()
        try:
            await client.shell_channel.get_msg(timeout=0.01)
        finally:
            client.stop_channels()
            theirs.close()

    with pytest.raises(Empty):
        asyncio.run(scenario())
