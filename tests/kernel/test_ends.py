"""Whatever ends, nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from grader.kernel import KernelServer, sandbox
from grader.kernel.scratch import Scratch, sweep
from tests.kernel.conftest import Say

PATIENCE = 60


def below(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def serves(process: psutil.Process) -> bool:
    """Whether it is a server or a kernel; what is dead and not reaped yet is neither."""
    try:
        return "--serve" in process.cmdline()
    except psutil.Error:
        return False


def test_a_server_that_is_killed_is_started_again_at_its_address(say: Say) -> None:
    with KernelServer() as server:
        assert say(server, "print(1)") == "1"
        old = [p for p in below(os.getpid()) if serves(p)]
        assert old
        for process in old:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        assert psutil.wait_procs(old, timeout=PATIENCE)[1] == []
        assert say(server, "print(2)") == "2"


def sleeps(process: psutil.Process) -> bool:
    """Whether it is one of those of `test_what_bubblewrap_is_just_starting_ends_with_it`."""
    try:
        return process.cmdline() == ["sleep", "98764"]
    except psutil.Error:
        return False


@pytest.mark.parametrize("used", [False, True])
def test_a_server_that_an_error_ends_leaves_nothing(say: Say, used: bool) -> None:
    before, left = {*below(os.getpid())}, set()
    with contextlib.suppress(KeyError), KernelServer() as server:
        if used:
            assert say(server, "print(1)") == "1"
        left |= {*below(os.getpid())} - before
        raise KeyError
    assert left
    assert psutil.wait_procs([*left], timeout=PATIENCE)[1] == []
    assert not server.alive
    assert not Path(server.address).exists()
    assert not any(map(serves, {*below(os.getpid())} - before))


def test_a_grader_that_is_killed_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    code = """
import os, sys, time
from grader.kernel import KernelServer, sandbox
from tests.kernel.conftest import printed
server = KernelServer()
printed(server, "print(1)")
print(server.address, flush=True)
time.sleep(1000)
"""
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    grader = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert grader.stdout is not None
    address = Path(grader.stdout.readline().strip())
    assert address.exists()
    left = below(grader.pid)
    assert left
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    grader.stdout.close()
    assert psutil.wait_procs(left, timeout=PATIENCE)[1] == []
    assert address.exists()
    sweep(tmp_path, older_than=0)
    assert not list(tmp_path.glob("grader-*"))


def test_what_bubblewrap_is_just_starting_ends_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is killed before the process that it made has asked to die with it."""
    layers = sandbox.choose(None)
    script = tmp_path / "bwrap"
    script.write_text("#!/bin/sh\nsleep 98764 &\nsleep 98764\n")
    script.chmod(0o755)
    monkeypatch.setattr(sandbox, "bubblewrap", lambda: str(script))
    server = KernelServer(layers)
    made: list[psutil.Process] = []
    while len(made) < 2:
        assert server.alive
        made = [process for process in below(os.getpid()) if sleeps(process)]
    server.close()
    assert psutil.wait_procs(made, timeout=PATIENCE)[1] == []


def test_what_was_to_run_in_a_folder_goes_with_it(tmp_path: Path) -> None:
    """A grader is killed at once: what bubblewrap has made waits for ever to be told to begin."""
    dead = tmp_path / "grader-dead"
    with Scratch({}) as scratch:
        (dead / "run").mkdir(parents=True)
        waiting, *others = (
            subprocess.Popen([sys.executable, "-c", "input()", str(of)], stdin=subprocess.PIPE)
            for of in (dead / "inside", dead / "notes", scratch.root / "inside")
        )
        sweep(tmp_path, older_than=0)
        assert waiting.wait(PATIENCE) == -signal.SIGKILL
        assert not dead.exists()
        assert [process.poll() for process in others] == [None, None]
    for process in (waiting, *others):
        process.kill()
        process.communicate()


def test_a_folder_in_use_is_not_swept_away() -> None:
    with Scratch({}) as scratch:
        sweep(scratch.root.parent, older_than=0)
        assert scratch.work.is_dir()
    assert not scratch.root.exists()
