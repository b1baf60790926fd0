"""A kernel with the probe, started as the slot starts it, and what came over its sockets."""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import jupyter_client
import numpy as np
import pytest
from jupyter_client.connect import write_connection_file

import grader.inside
from grader.inside import wire
from grader.inside.kernel import OPTIONS

PATIENCE = 60.0


class Kernel:
    """Runs cells, hands over frames."""

    def __init__(self, folder: Path, keepers: int = 0, seed: int = 7, probed: bool = True):
        inside = folder / "inside"
        shutil.copytree(Path(grader.inside.__file__).parent, inside)
        file, _ = write_connection_file(
            str(folder / "connection.json"), ip=str(folder / "k"), transport="ipc", key=b"secret"
        )
        self.end, theirs = socket.socketpair()
        pairs = [socket.socketpair() for _ in range(keepers)]
        self.keepers = [pair[0] for pair in pairs]
        self.to_hand_over = [pair[1] for pair in pairs]
        for end in self.keepers:
            end.settimeout(PATIENCE)
        env = {**os.environ, "HOME": str(folder), "IPYTHONDIR": str(folder / "ipython")}
        env |= {"GRADER_CHANNEL": str(theirs.fileno()), "GRADER_SEED": str(seed)}
        command = [sys.executable, str(inside / "launch.py"), "-f", file]
        if not probed:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", file, *OPTIONS]
        self.process = subprocess.Popen(
            command, env=env, cwd=folder, pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL
        )
        theirs.close()
        self.client = jupyter_client.BlockingKernelClient()
        self.client.load_connection_file(file)
        self.client.start_channels()
        self._await_ready()
        self.arrays: dict[str, np.ndarray] = {}
        self.names: dict[str, dict] = {}
        self.kept_arrays: list[dict[str, np.ndarray]] = [{} for _ in pairs]
        self.frames: queue.Queue = queue.Queue()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.ready = self.frame() if probed else None

    def _listen(self):
        """Frames come before replies, so somebody must take them meanwhile."""
        with contextlib.suppress(OSError, ValueError):
            while (got := wire.receive(self.end)) is not None:
                self.frames.put(got)

    def _await_ready(self):
        """Until the shell answers and iopub is connected; the heart beats later than a start."""
        while True:
            assert self.process.poll() is None, "the kernel died"
            try:
                self.client.kernel_info()
                self.client.get_shell_msg(timeout=PATIENCE)
                self.client.get_iopub_msg(timeout=PATIENCE)
            except queue.Empty:
                continue
            return

    def frame(self):
        message, arrays = self.frames.get(timeout=PATIENCE)
        self.arrays.update(arrays)
        self.names = whole(message, self.names)
        return message

    def execute(self, source: str, **options):
        """Run a cell: its reply and what it put out."""
        outputs = []
        reply = self.client.execute_interactive(
            source, timeout=PATIENCE, output_hook=outputs.append, **options
        )
        return reply["content"], [o["content"] for o in outputs if o["msg_type"] != "status"]

    def run(self, source: str, **options):
        """Run a cell: its frame."""
        self.execute(source, **options)
        return self.frame()

    def text(self, source: str) -> str:
        """What a cell printed, and its traceback."""
        _, outputs = self.execute(source)
        parts = [o.get("text") or "\n".join(o.get("traceback", [])) for o in outputs]
        return "".join(parts)

    def array(self, value) -> np.ndarray:
        return self.arrays[value["data"]]

    def keep(self, index: int) -> str:
        if self.to_hand_over[index] is not None:
            with self.to_hand_over[index] as end:
                socket.send_fds(self.end, [b"\0"], [end.fileno()])
            self.to_hand_over[index] = None
        else:
            self.end.sendall(b"\0")
        message = self.client.session.msg("keep_request", {})
        self.client.shell_channel.send(message)
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                assert reply["msg_type"] == "keep_reply"
                return reply["content"]["status"]

    def ask(self, index: int, message: dict, **arrays: np.ndarray) -> list[dict]:
        """Put a question to a keeper: its frames up to the last."""
        end = self.keepers[index]
        end.sendall(wire.frame(message, arrays))
        frames = []
        names = {}
        count = len(message.get("calls", "1"))
        while [frame["frame"] for frame in frames].count(message["ask"].removesuffix("s")) < count:
            got = wire.receive(end)
            assert got is not None, "the keeper closed its socket"
            names = whole(got[0], names)
            frames.append(got[0])
            self.kept_arrays[index].update(got[1])
        return frames

    def kept(self, index: int, value) -> list:
        return self.kept_arrays[index][value["data"]].tolist()

    def close(self):
        self.client.stop_channels()
        self.process.kill()
        self.process.wait()
        self.hang_up()
        self.listener.join(PATIENCE)
        for end in (self.end, *self.keepers):
            end.close()

    def hang_up(self):
        """Listen no more."""
        with contextlib.suppress(OSError):
            self.end.shutdown(socket.SHUT_RDWR)


def whole(message: dict, before: dict) -> dict:
    """Put the values that did not change where the message leaves them out: the names after it."""
    if "names" not in message:
        return before
    told = message["names"]
    message["names"] = {name: before[name] if v is None else v for name, v in told.items()}
    return message["names"]


@pytest.fixture
def start(tmp_path_factory):
    """Start kernels; they end with the test."""
    kernels = []

    def starting(**options):
        kernels.append(Kernel(tmp_path_factory.mktemp("k"), **options))
        return kernels[-1]

    yield starting
    for kernel in kernels:
        kernel.close()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """One kernel for a module's tests, which each use names of their own."""
    kernel = Kernel(tmp_path_factory.mktemp("k"))
    yield kernel
    kernel.close()
