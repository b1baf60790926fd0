"""A batch on a real Dask cluster: two worker processes on this machine, one of them killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.batch.conftest import Undisturbed
from tests.batch.samples import batch, finished

distributed = pytest.importorskip("distributed", reason="needs grader[cluster]")


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two workers that are processes of their own, each with two threads."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None
    ) as made:
        yield made


def stations(pid: int) -> list[psutil.Process]:
    """The stations below a process."""
    found = []
    for one in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.Error):  # it may have ended meanwhile
            if "grader.cli.station" in " ".join(one.cmdline()):
                found.append(one)
    return found


def test_a_worker_that_is_killed_costs_only_a_retry(
    undisturbed: Undisturbed, tmp_path: Path, course: Path, cluster: Any
) -> None:
    client = distributed.Client(cluster)
    killed: list[tuple[int, ...]] = []
    below: list[psutil.Process] = []

    def kill(pid: int, event: dict[str, Any]) -> None:
        if event["event"] != "finished" or killed:
            return
        busy = {worker: keys for worker, keys in client.processing().items() if keys}
        assert busy, "nobody was grading"
        worker = max(busy, key=lambda one: len(busy[one]))
        (at,) = client.run(os.getpid, workers=[worker]).values()
        below.extend(stations(at))
        killed.append(busy[worker])
        os.kill(at, signal.SIGKILL)

    out = tmp_path / "out"
    code, events, said = batch(
        "autograd", undisturbed.submissions, "-o", out, "--seed", "5",
        "--scheduler", cluster.scheduler_address, course=course, at=kill,
    )  # fmt: skip
    client.close()
    assert killed
    assert code == 0, (said, events[-1])
    # The client may log that it asks another worker for what the killed one had.
    assert all("distributed" in line for line in said.splitlines()), said
    assert set(finished(events)) == set(finished(undisturbed.events))
    assert (out / "results.csv").read_bytes() == (undisturbed.out / "results.csv").read_bytes()
    assert below, "the worker had no station"
    assert not psutil.wait_procs(below, timeout=60)[1]
