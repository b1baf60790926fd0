"""What several test packages share."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from grader.kernel import KernelServer

COURSE = Path(__file__).resolve().parent.parent

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    and threading.current_thread() is threading.main_thread()
):
    # A shell's background jobs ignore Ctrl-C and hand that down; what is interrupted here must not.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def course() -> Path:
    """This repository's course."""
    return COURSE


@pytest.fixture
def small_course(tmp_path: Path) -> Iterator[Path]:
    """A course of one scaffolded exercise, `doubling`."""
    from grader.scaffold import create

    (tmp_path / "exercises" / "assignments").mkdir(parents=True)
    (tmp_path / "solutions").mkdir()
    create(tmp_path, "doubling")
    yield tmp_path


@pytest.fixture(scope="session")
def kernels() -> Iterator[KernelServer]:
    """A fork server that is kept warm."""
    with KernelServer() as server:
        yield server


# Machines that run tests are shared: how long an example takes says nothing. In CI the examples are
# the same each time, so that what fails there has changed; everywhere else they are new ones.
settings.register_profile("grader", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("grader")
