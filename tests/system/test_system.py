"""What is done differently elsewhere does the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import system
from grader.cli.isolation import Isolation, kernels
from grader.errors import MachineError
from grader.kernel import KernelServer
from grader.model.submission import Message
from grader.report import say


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with its standard input."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process


def test_a_file_is_locked_by_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first, second = (os.open(path, os.O_CREAT | os.O_RDWR) for _ in range(2))
    assert system.lock(first)
    assert not system.lock(second)
    os.close(first)
    assert system.lock(second)
    os.close(second)


def test_a_folder_is_locked_by_one_at_a_time(tmp_path: Path) -> None:
    held = system.lock_folder(tmp_path)
    assert held is not None
    assert system.lock_folder(tmp_path) is None
    os.close(held)


@pytest.mark.parametrize("watches", [True, False])
def test_the_end_of_a_child_is_seen(
    child: subprocess.Popen[bytes], watches: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "WATCHES", watches)
    assert not system.ended(child.pid, 0.0)
    assert child.stdin is not None
    child.stdin.close()
    assert system.ended(child.pid, 60.0)
    assert child.wait() != 0  # `input` met the end, and nobody else has waited for it


def test_what_cannot_be_had_is_refused_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "FORKS", False)
    monkeypatch.setattr(system, "WATCHES", False)
    with pytest.raises(MachineError, match=r"^varying: .*wsl --install"):
        system.must_fork("varying")
    with pytest.raises(MachineError, match="wsl --install"):
        KernelServer(layers=())


def test_walls_as_available_are_none_where_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.kernel.sandbox.missing", lambda: ("bubblewrap",))
    monkeypatch.setattr(system, "WATCHES", False)
    with kernels(Isolation.available) as server:
        assert server is None
    with pytest.raises(MachineError) as refused, kernels(Isolation.full):
        pass
    assert refused.value.message_id is not None
    said = say(Message(refused.value.message_id, refused.value.params), "en")
    assert "bubblewrap" in said and "`grader doctor`" in said
