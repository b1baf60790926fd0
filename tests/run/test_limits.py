"""Limits are CPU time, so that a crowd on the machine changes no marks; waiting ends as well."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from grader.kernel import sandbox
from grader.kernel.session import Session
from grader.model.exercise import Limits
from grader.model.observation import Capture
from grader.model.plan import Call, CallPlan
from tests.run.conftest import Run

BURN = "import time\nwhile time.process_time() < begun + {seconds}: pass"
WAIT = "import time\ntime.sleep({seconds})"


def statuses(capture: Capture) -> list[str]:
    return [cell.status for cell in capture.cells]


@pytest.fixture(params=["forked", "local"])
def run_either(request: pytest.FixtureRequest, run: Run, run_alone: Run) -> Run:
    return run if request.param == "forked" else run_alone


def test_waiting_is_not_computing(run_either: Run) -> None:
    sealed, _ = run_either(
        [("e", WAIT.format(seconds=1.5)), ("e", "x = 1")],
        limits=Limits(cell_seconds=0.5, notebook_seconds=1.0, wall_factor=100),
    )
    assert statuses(sealed) == ["ok", "ok"]
    assert sealed.run.status == "completed"
    assert sealed.cells[0].seconds > 1.5


def test_waiting_ends_at_the_cap_of_the_clock(run_either: Run) -> None:
    sealed, _ = run_either(
        [("e", WAIT.format(seconds=3600)), ("e", "x = 1")],
        limits=Limits(cell_seconds=0.5, wall_factor=16),
    )
    assert statuses(sealed) == ["timeout", "ok"]
    assert 8.0 <= sealed.cells[0].seconds < 300


def test_a_child_that_computes_counts(run_either: Run) -> None:
    child = (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-S', '-c', 'while True: pass'])"
    )
    sealed, _ = run_either(
        [("e", child), ("e", "x = 1")], limits=Limits(cell_seconds=1, wall_factor=1000)
    )
    assert statuses(sealed) == ["timeout", "ok"]


def test_the_cells_of_a_notebook_add_up(run: Run) -> None:
    burn = "import time\nbegun = time.process_time()\n" + BURN.format(seconds=1.5)
    sealed, _ = run(
        [("e", burn)] * 4, limits=Limits(cell_seconds=20, notebook_seconds=2.2, wall_factor=1000)
    )
    assert statuses(sealed) == ["ok", "ok", "not_run", "not_run"]
    assert sealed.run.status == "timeout"


def test_calls_may_wait_longer_than_they_may_compute(run: Run) -> None:
    source = (
        "import time\ndef waits(): time.sleep(1.2); return 1\ndef loops():\n    while True: pass"
    )
    plan = CallPlan(calls=(Call("w", "e", "waits", {}), Call("l", "e", "loops", {})))
    limits = Limits(call_seconds=0.5, wall_factor=100)
    _, answers = run([("e", source)], plan, limits=limits)
    assert {id: call.status for id, call in answers.calls.items()} == {"w": "ok", "l": "timeout"}
    _, answers = run([("e", source)], plan, limits=Limits(call_seconds=0.5, wall_factor=1))
    assert answers.calls["w"].status == "timeout"


def test_what_is_quick_is_not_looked_at(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[bool] = []
    look: Callable[..., None] = Session._note_cpu

    def noting(self: Session, *, descendants: bool) -> None:
        looks.append(descendants)
        look(self, descendants=descendants)

    monkeypatch.setattr(Session, "_note_cpu", noting)
    run([("e", "x = 1")] * 3)
    assert looks == [False] * 3


def test_a_crowded_machine_takes_longer_and_decides_the_same() -> None:
    """Of what passes, the kernel gets a quarter: the cell ends well within its own time."""

    class Crowded(Session):
        def __init__(self) -> None:
            self.cpu_seconds = 0.0
            self.passed = 0.0

        def _note_cpu(self, *, descendants: bool) -> None:
            self.cpu_seconds = self.passed / 4

    async def ends(needs: float) -> bool:
        """Whether a cell that needs so much CPU time gets it, by a clock that is ours."""
        loop = asyncio.get_running_loop()
        session = Crowded()
        task: asyncio.Future[None] = loop.create_future()

        async def wait(tasks: set[asyncio.Future[None]], timeout: float):  # type: ignore[no-untyped-def]
            session.passed += timeout
            if session.passed / 4 >= needs:
                task.set_result(None)
                return tasks, set()
            return set(), tasks

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loop, "time", lambda: session.passed)
            patch.setattr(asyncio, "wait", wait)
            return await session._ends(task, 20.0, Limits().wall(20.0))

    assert asyncio.run(ends(19.0))
    assert not asyncio.run(ends(25.0))


@pytest.mark.skipif(bool(sandbox.missing()), reason="this machine lacks required layers")
@pytest.mark.parametrize(
    ("limits", "source"),
    [
        ({"file_bytes": 1 << 20}, "open('f', 'wb', buffering=0).truncate(3 << 20)"),
        ({"scratch_bytes": 8 << 20}, "open('f', 'wb').write(bytes(20 << 20))"),
        ({"open_files": 64}, "ends = [open('/dev/null') for _ in range(150)]"),
        ({"memory_bytes": 256 << 20}, "import numpy\nx = numpy.zeros(600 << 20, 'u1')"),
    ],
)
def test_what_a_course_allows_a_kernel_is_what_it_gets(
    run: Run, limits: dict[str, int], source: str
) -> None:
    free, _ = run([("e", source)])
    assert statuses(free) == ["ok"]
    held, _ = run([("e", source)], limits=Limits(**limits))
    assert statuses(held) != ["ok"]
