"""A batch is killed anywhere, any process of it; what comes out is what would have come out."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.batch.conftest import Undisturbed
from tests.batch.samples import batch, finished, kill_after

Find = Callable[[psutil.Process], list[psutil.Process]]


def table(out: Path) -> bytes:
    return (out / "results.csv").read_bytes()


def test_a_batch_that_was_killed_goes_on_and_ends_with_the_same_table(
    undisturbed: Undisturbed, tmp_path: Path, course: Path
) -> None:
    out = tmp_path / "out"
    call = ("autograd", undisturbed.submissions, "-o", out)
    code, events, _ = batch(*call, "--seed", "5", course=course, at=kill_after(1))
    assert code == -signal.SIGKILL
    recorded = set(finished(events))
    assert recorded
    code, events, said = batch(*call, course=course, at=kill_after(2))
    assert code == -signal.SIGKILL, said
    again = set(finished(events))
    assert not recorded & again
    code, events, said = batch(*call, course=course)
    assert (code, said) == (0, "")
    assert not (recorded | again) & set(finished(events))
    assert table(out) == table(undisturbed.out)
    pages = sorted(path.name for path in (undisturbed.out / "reports").iterdir())
    assert sorted(path.name for path in (out / "reports").iterdir()) == pages


def test_ctrl_c_ends_it_soon_and_loses_nothing(
    undisturbed: Undisturbed, tmp_path: Path, course: Path
) -> None:
    out = tmp_path / "out"
    call = ("autograd", undisturbed.submissions, "-o", out)

    def interrupt(pid: int, event: dict[str, Any]) -> None:
        if event.get("done") == 1:
            os.kill(pid, signal.SIGINT)

    code, events, said = batch(*call, "--seed", "5", course=course, at=interrupt)
    assert code == 130
    assert "Traceback" not in said
    recorded = set(finished(events))
    code, events, _ = batch(*call, course=course)
    assert code == 0
    assert recorded | set(finished(events)) == {"anna", "boris", "chen", "dora", "egor", "李伟"}
    assert not recorded & set(finished(events))
    assert table(out) == table(undisturbed.out)


def named(part: str, *, last: bool) -> Find:
    """Finds processes below the batch whose command line has `part`: the deepest, or the first."""

    def find(batch_: psutil.Process) -> list[psutil.Process]:
        found = []
        for process in batch_.children(recursive=True):
            try:
                if part in " ".join(process.cmdline()):
                    found.append(process)
            except psutil.Error:
                continue
        return found[-1:] if last else found[:1]

    return find


@pytest.mark.parametrize(
    ("what", "find", "most"),
    [
        # Two could be of one notebook and at the same place, which is how those end that crash.
        ("kernel", named("launch.py", last=True), 1),
        ("fork server of kernels", named("--serve", last=False), 2),
        ("slot", named("forkserver", last=True), 1),
        ("fork server of slots", named("forkserver", last=False), 2),
        ("reference worker", named("grader.reference.worker", last=False), 2),
    ],
)
def test_a_process_that_is_killed_costs_nobody_a_point(
    undisturbed: Undisturbed, tmp_path: Path, course: Path, what: str, find: Find, most: int
) -> None:
    out, killed = tmp_path / "out", []

    def kill(pid: int, event: dict[str, Any]) -> None:
        if event["event"] == "finished" and len(killed) < most:
            for process in find(psutil.Process(pid)):
                with suppress(psutil.NoSuchProcess):  # it ended by itself; there will be others
                    process.kill()
                    killed.append(process.pid)

    call = ("autograd", undisturbed.submissions, "-o", out)
    code, events, said = batch(*call, "--seed", "5", course=course, at=kill)
    assert killed, f"no {what} was there to be killed"
    assert (code, said) == (0, ""), events[-1]
    assert table(out) == table(undisturbed.out)
