"""A timeout is tried once more, alone and with the same seed, before it costs points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from grader import pipeline
from grader.border import Slot
from grader.gate import Gate
from grader.kernel import KernelServer
from grader.model.exercise import Assignment, Limits
from grader.model.job import Job
from grader.model.observation import CallObservation, Capture, CellObservation, RunInfo, Variation
from grader.pipeline import grade
from grader.reference import ReferenceProcess
from tests.pipeline.conftest import filled

RIGHT = {
    "backward-twice/first-pass": (
        "y = 2 * torch.dot(x, x)\ny.backward()\nfirst_gradient = x.grad.clone()"
    )
}
ENDLESS = {"backward-twice/first-pass": "while True: pass"}


class Seen:
    """The slots that were made: the seed of each, and whether it was alone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, change: Callable[[int, Job], Job]) -> None:
        self.slots: list[tuple[int, bool]] = []
        seen, gate = self, Gate()

        class Noting(Slot):
            def __init__(self, job: Job, data: bytes) -> None:
                seen.slots.append((job.seed, gate._alone))
                super().__init__(change(len(seen.slots), job), data)

        monkeypatch.setattr(pipeline, "GATE", gate)
        monkeypatch.setattr(pipeline, "Slot", Noting)


def test_a_timeout_that_does_not_repeat_costs_nothing(
    monkeypatch: pytest.MonkeyPatch,
    autograd: Assignment,
    process: ReferenceProcess,
    kernels: KernelServer,
) -> None:
    hurried = Limits(notebook_seconds=1e-9, wall_factor=1)

    def change(number: int, job: Job) -> Job:
        return replace(job, limits=hurried) if number == 1 else job

    def graded() -> pipeline.Graded:
        data = filled(autograd, RIGHT)
        return grade(data, "hw.ipynb", autograd, process, seed=5, server=kernels.address)

    undisturbed = graded().result
    seen = Seen(monkeypatch, change)
    result = graded().result
    assert [alone for _, alone in seen.slots] == [False, True]
    assert len({seed for seed, _ in seen.slots}) == 1
    assert result.run.retried and not undisturbed.run.retried
    assert result.run.status == "completed"
    assert result.exercises == undisturbed.exercises


def test_a_slot_that_dies_once_costs_nothing(
    monkeypatch: pytest.MonkeyPatch,
    autograd: Assignment,
    process: ReferenceProcess,
    kernels: KernelServer,
) -> None:
    def change(number: int, job: Job) -> Job:
        return replace(job, server="/nobody/listens/here") if number == 1 else job

    data = filled(autograd, RIGHT)
    seen = Seen(monkeypatch, change)
    result = grade(data, "hw.ipynb", autograd, process, seed=5, server=kernels.address).result
    assert [alone for _, alone in seen.slots] == [False, True]
    assert (result.run.status, result.run.retried) == ("completed", True)
    assert result.score > 0


def test_an_endless_loop_costs_two_runs_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
    autograd: Assignment,
    process: ReferenceProcess,
    kernels: KernelServer,
) -> None:
    seen = Seen(monkeypatch, lambda number, job: job)
    quick = replace(autograd, limits=Limits(cell_seconds=1))
    data = filled(autograd, ENDLESS)
    result = grade(data, "hw.ipynb", quick, process, seed=5, server=kernels.address).result
    assert [alone for _, alone in seen.slots] == [False, True]
    assert result.run.status == "timeout" and result.run.retried
    assert result.exercises[0].score == 0


def test_what_does_not_time_out_runs_once(
    monkeypatch: pytest.MonkeyPatch,
    autograd: Assignment,
    process: ReferenceProcess,
    kernels: KernelServer,
) -> None:
    seen = Seen(monkeypatch, lambda number, job: job)
    data = filled(autograd, {"backward-twice/first-pass": "import os; os._exit(1)"})
    result = grade(data, "hw.ipynb", autograd, process, seed=5, server=kernels.address).result
    assert len(seen.slots) == 1
    assert result.run.status == "crashed" and not result.run.retried


OK = RunInfo("completed")


@pytest.mark.parametrize(
    ("capture", "expected"),
    [
        (Capture(1, OK), False),
        (Capture(1, RunInfo("timeout")), True),
        (Capture(1, RunInfo("crashed"), cells=(CellObservation(0, "timeout"),)), True),
        (Capture(1, OK, calls={"c": CallObservation("c", "timeout")}), True),
        (Capture(1, OK, calls={"c": CallObservation("c", "crashed")}), False),
        (Capture(1, OK, variations=(Variation("v", "e", "timeout"),)), True),
    ],
)
def test_a_timeout_anywhere_counts(capture: Capture, expected: bool) -> None:
    assert bool(capture.ended("timeout")) is expected
