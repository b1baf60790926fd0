"""The short form of `make kill-test`: each process of a batch is killed once, and it is resumed."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.batch.kills import KINDS, TRIES, Range, hit


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, course: Path) -> Range:
    return Range.of(tmp_path_factory.mktemp("kills"), course, 6)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_killed_anywhere_is_graded_once_and_as_ever(
    place: Range, tmp_path: Path, kind: str
) -> None:
    for again in range(TRIES):
        run = place.run(tmp_path / f"out-{again}", kind, random.Random(again))
        assert not run.wrong, (run.kills, run.wrong)
        if run.kills:
            return
    pytest.fail(f"no {kind} was there to be killed, {TRIES} times")


def test_a_process_that_ended_before_it_was_hit_was_not_hit() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        victim = psutil.Process(process.pid)
    assert hit(victim) is None


def test_what_was_below_a_process_that_was_hit_is_told() -> None:
    code = "import subprocess; subprocess.Popen(['sleep', '100']); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        below = hit(psutil.Process(process.pid))
    assert below is not None
    assert [one.cmdline() for one in below] == [["sleep", "100"]]
    below[0].kill()
