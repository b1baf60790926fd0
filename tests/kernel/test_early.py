"""A server that is begun early is the one that is taken, and nothing is left of one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import grader.__main__ as command
from grader.cli.isolation import Isolation, kernels
from grader.errors import MachineError
from grader.kernel import KernelServer, early


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    yield
    early.end()


def test_the_server_that_was_begun_is_taken_once() -> None:
    early.begin()
    with kernels(Isolation.available) as first, kernels(Isolation.available) as second:
        assert first is not None and second is not None and first != second
        assert early.take() is None
    assert not Path(first).exists() and not Path(second).exists()


def test_where_modules_of_an_assignment_are_wanted_it_is_ended() -> None:
    early.begin()
    (server,) = early._begun
    assert early.take(["wave"]) is None
    assert early.take() is None
    assert not server.alive


def test_of_one_that_nobody_took_no_process_is_left() -> None:
    early.begin()
    (server,) = early._begun
    assert server._process is not None
    tree = [(whole := psutil.Process(server._process.pid)), *whole.children(recursive=True)]
    early.end()
    _, alive = psutil.wait_procs(tree, timeout=30)
    assert not alive
    assert not server.alive
    assert not Path(server.address).exists()


def test_where_none_can_be_had_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise MachineError("no walls")

    monkeypatch.setattr(KernelServer, "__init__", refuse)
    early.begin()
    assert early.take() is None


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["grade", "hw.ipynb"], True),
        (["grade", "hw.ipynb", "--isolation", "available"], True),
        (["grade", "hw.ipynb", "--isolation", "none"], False),
        (["grade", "hw.ipynb", "--isolation=none"], False),
        (["grade", "--help"], False),
        (["grade"], False),
        (["check", "hw.ipynb"], False),
        ([], False),
    ],
)
def test_only_a_command_that_will_want_one_begins_it(arguments: list[str], wanted: bool) -> None:
    assert command._wants_kernels(arguments) is wanted
