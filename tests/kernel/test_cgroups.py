"""Control groups: found, filled, used again, and removed when their owner is gone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.kernel import KernelServer, cgroups, sandbox
from grader.kernel.cgroups import Group, Hierarchy
from grader.kernel.sandbox import Orders
from grader.model.exercise import Limits
from tests.kernel.conftest import Say

NOBODY = 2**22 + 1  # larger than any process's number (proc(5), pid_max)
FILES = {
    1: {"memory": "memory.limit_in_bytes", "pids": "pids.max"},
    2: {"memory": "memory.max", "pids": "pids.max"},
}


def hierarchy_in(folder: Path, version: int = 1) -> Hierarchy:
    """One in ordinary folders, in which control files are whatever a test makes."""
    folders = {c: folder / c if version == 1 else folder / "all" for c in ("memory", "pids")}
    for path in folders.values():
        path.mkdir(parents=True, exist_ok=True)
    return Hierarchy(version, {controller: str(path) for controller, path in folders.items()})


@pytest.fixture
def hierarchy(tmp_path: Path) -> Hierarchy:
    return hierarchy_in(tmp_path)


def files_of(group: Group) -> dict[str, Path]:
    return {
        controller: Path(folder, group.name, FILES[group.hierarchy.version][controller])
        for controller, folder in group.hierarchy.folders.items()
    }


def left_in(hierarchy: Hierarchy) -> set[str]:
    return {path.name for folder in hierarchy.places("") for path in folder.iterdir()}


def test_a_group_belongs_to_one_kernel_and_then_to_the_next(hierarchy: Hierarchy) -> None:
    first, second = cgroups.take(hierarchy, "1-a"), cgroups.take(hierarchy, "1-a")
    assert first.name != second.name
    first.release()
    third = cgroups.take(hierarchy, "1-a")
    assert third.name == first.name
    second.release()
    third.release()


@pytest.mark.parametrize("version", [1, 2])
def test_bounds_go_into_the_files_of_their_version(tmp_path: Path, version: int) -> None:
    group = cgroups.take(hierarchy_in(tmp_path, version), "1-a")
    files = files_of(group)
    for file in files.values():
        file.touch()
    group.limit(memory_bytes=12345, processes=6)
    assert {c: file.read_text() for c, file in files.items()} == {"memory": "12345", "pids": "6"}
    # What only some systems have is passed over.
    made = {path.name for folder in group.hierarchy.places(group.name) for path in folder.iterdir()}
    assert made == set(FILES[version].values())
    group.release()


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("lacking", ["memory", "pids"])
def test_a_bound_that_cannot_be_set_is_never_passed_over(
    tmp_path: Path, version: int, lacking: str
) -> None:
    group = cgroups.take(hierarchy_in(tmp_path, version), "1-a")
    files = files_of(group)
    for controller, file in files.items():
        if controller != lacking:
            file.touch()
    with pytest.raises(FileNotFoundError, match=FILES[version][lacking]):
        group.limit(memory_bytes=12345, processes=6)
    group.release()


def test_a_bound_that_does_not_stand_is_an_error(hierarchy: Hierarchy) -> None:
    group = cgroups.take(hierarchy, "1-a")
    # Takes what is written, and says something else.
    files_of(group)["memory"].symlink_to("/dev/null")
    with pytest.raises(OSError, match="12345 was written and ''"):
        group.limit(memory_bytes=12345, processes=6)
    group.release()


def test_a_process_that_is_not_in_its_group_afterwards_is_an_error(hierarchy: Hierarchy) -> None:
    group = cgroups.take(hierarchy, "1-a")
    for folder in hierarchy.places(group.name):
        (folder / "cgroup.procs").touch()
    with pytest.raises(OSError, match=f"was moved to control group {group.name} and is in"):
        group.add(os.getpid())
    group.release()


def test_a_group_that_somebody_holds_is_not_removed(
    hierarchy: Hierarchy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cgroups, "_PATIENCE_SECONDS", 0.0)
    held = cgroups.take(hierarchy, f"{NOBODY}-a")
    cgroups.take(hierarchy, f"{NOBODY}-a").release()
    for _ in range(2):
        cgroups.remove(hierarchy, f"{NOBODY}-a")
        cgroups.sweep(hierarchy)
        assert left_in(hierarchy) == {held.name}
    held.release()
    cgroups.remove(hierarchy, f"{NOBODY}-a")
    assert left_in(hierarchy) == set()


def test_a_group_that_was_removed_while_it_was_taken_is_not_taken(
    hierarchy: Hierarchy, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, removed = cgroups.system.lock, []

    def too_late(place: int) -> bool:
        if not removed:
            removed.append(place)
            for folder in hierarchy.places("grader-1-a-0"):
                if folder.exists():
                    folder.rmdir()
        return lock(place)

    monkeypatch.setattr(cgroups.system, "lock", too_late)
    group = cgroups.take(hierarchy, "1-a")
    assert all(folder.is_dir() for folder in hierarchy.places(group.name))
    group.release()


def test_what_the_dead_left_is_swept_away_and_nothing_else(hierarchy: Hierarchy) -> None:
    mine, dead = f"{os.getpid()}-a", f"{NOBODY}-a"
    for owner in (mine, dead):
        cgroups.take(hierarchy, owner).release()
    cgroups.sweep(hierarchy)
    assert left_in(hierarchy) == {f"grader-{mine}-0"}
    cgroups.remove(hierarchy, mine)
    assert left_in(hierarchy) == set()


def test_the_name_says_when_only_memory_is_bounded(hierarchy: Hierarchy) -> None:
    assert hierarchy.name == "cgroup-v1"
    assert replace(hierarchy, folders={"memory": "/x"}).name == "cgroup-v1-memory"


@pytest.fixture
def real() -> Iterator[Hierarchy]:
    found = cgroups.find()
    if found is None:
        pytest.skip("this machine offers no control groups")
    yield found
    cgroups.remove(found, f"{os.getpid()}-test")


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as process:
        yield process


def test_a_kernel_whose_first_group_takes_no_limits_gets_another(
    real: Hierarchy, bystander: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    limit, refused = Group.limit, []

    def reluctant(group: Group, memory_bytes: int, processes: int) -> None:
        if not refused:
            refused.append(group.name)
            raise OSError("device or resource busy")
        limit(group, memory_bytes, processes)

    monkeypatch.setattr(Group, "limit", reluctant)
    orders = Orders(owner=f"{os.getpid()}-test", hierarchy=real)
    group = orders.bound(os.pidfd_open(bystander.pid), Limits())
    assert group is not None
    assert [group.name] != refused
    assert {Path(g).name for g in cgroups.groups_of(bystander.pid).values()} >= {group.name}
    group.release()


def test_a_kernel_that_no_group_bounds_does_not_run(
    real: Hierarchy, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "cgroup" not in sandbox.choose(None):
        pytest.skip("this machine offers no control groups")

    def no(group: Group, memory_bytes: int, processes: int) -> None:
        raise OSError(f"{group.name} is busy")

    with KernelServer() as server:
        assert say(server, "print('in')") == "in"
        monkeypatch.setattr(Group, "limit", no)
        with pytest.raises(OSError, match="is busy"):
            say(server, "print('out')")


def test_a_process_that_is_gone_is_not_taken_for_this_one(
    bystander: subprocess.Popen[bytes],
) -> None:
    handle = os.pidfd_open(bystander.pid)
    assert sandbox.host_pid(handle) == bystander.pid
    bystander.kill()
    bystander.wait()
    with pytest.raises(ProcessLookupError):
        sandbox.host_pid(handle)
    os.close(handle)


def test_a_layer_that_went_away_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    if "cgroup" not in sandbox.choose(None):
        pytest.skip("this machine offers no control groups")
    monkeypatch.setattr(cgroups, "find", lambda: None)
    with pytest.raises(MachineError, match="cgroup"):
        KernelServer()


def test_where_there_is_no_server_there_are_no_orders(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="found no file"):
        Orders.of(str(tmp_path / "server"))
