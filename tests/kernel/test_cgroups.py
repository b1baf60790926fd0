"""Control groups: found, filled, used again, and removed when their owner is gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.kernel import cgroups
from grader.kernel.cgroups import Hierarchy

NOBODY = 2**22 + 1  # larger than any process's number (proc(5), pid_max)


@pytest.fixture
def hierarchy(tmp_path: Path) -> Hierarchy:
    for controller in ("memory", "pids"):
        (tmp_path / controller).mkdir()
    return Hierarchy(1, {name: str(tmp_path / name) for name in ("memory", "pids")})


def test_a_group_belongs_to_one_kernel_and_then_to_the_next(hierarchy: Hierarchy) -> None:
    first, second = cgroups.take(hierarchy, "1-a"), cgroups.take(hierarchy, "1-a")
    assert first.name != second.name
    first.release()
    third = cgroups.take(hierarchy, "1-a")
    assert third.name == first.name
    second.release()
    third.release()


def test_bounds_go_into_the_files_of_their_version(tmp_path: Path) -> None:
    for version, file in ((1, "memory.limit_in_bytes"), (2, "memory.max")):
        folder = tmp_path / str(version)
        key = "memory" if version == 1 else ""
        made = Hierarchy(version, {key: str(folder)})
        folder.mkdir()
        group = cgroups.take(made, "1-a")
        (folder / group.name / file).touch()
        group.limit(memory_bytes=12345, processes=6)
        assert (folder / group.name / file).read_text() == "12345"
        # What the system does not have is passed over.
        assert [path.name for path in (folder / group.name).iterdir()] == [file]
        group.release()


def test_what_the_dead_left_is_swept_away_and_nothing_else(hierarchy: Hierarchy) -> None:
    mine, dead = f"{os.getpid()}-a", f"{NOBODY}-a"
    for owner in (mine, dead):
        cgroups.take(hierarchy, owner).release()
    cgroups.sweep(hierarchy)
    left = {path.name for folder in hierarchy.folders.values() for path in Path(folder).iterdir()}
    assert left == {f"grader-{mine}-0"}
    cgroups.remove(hierarchy, mine)
    assert not any(any(Path(folder).iterdir()) for folder in hierarchy.folders.values())
