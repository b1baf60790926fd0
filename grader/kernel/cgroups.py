"""A control group for each kernel, which bounds what all its processes use together.

Groups are made and filled on the trusted side. They are used again: removing one leaves its pages
charged for a while, and making one takes time. Whoever holds a lock on a group's folder owns it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "grader-"


@dataclass(frozen=True)
class Hierarchy:
    """Where groups can be made.

    Attributes:
        version: of control groups, 1 or 2.
        folders: one for each controller (version 1), or a single one (version 2).
    """

    version: int
    folders: Mapping[str, str]

    def write(self, group: str, values: Mapping[str, str]) -> None:
        """Write control files, named as in version 2."""
        for name, value in values.items():
            controller = name.partition(".")[0]
            folder = self.folders.get(controller) or self.folders.get("", "")
            if not folder:
                continue
            file = _VERSION_1.get(name, name) if self.version == 1 else name
            path = Path(folder, group, file)
            if path.exists():
                path.write_text(value, encoding="ascii")


_VERSION_1 = {"memory.max": "memory.limit_in_bytes"}


def find() -> Hierarchy | None:
    """The hierarchy in which this process may make groups; None if there is none."""
    own = _own()
    first: dict[str, str] = {}
    for controller in ("memory", "pids"):
        mount = Path("/sys/fs/cgroup", controller)
        if controller in own and (mount / "cgroup.procs").exists():
            # In a container the path may be the host's; then its own root is what is mounted.
            below = mount / own[controller].lstrip("/")
            first[controller] = str(below if below.is_dir() else mount)
    if "memory" in first and all(os.access(f, os.W_OK) for f in first.values()):
        return Hierarchy(1, first)
    for mount in (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified")):
        if "" not in own or not (mount / "cgroup.controllers").exists():
            continue
        # Groups that hold processes have no children with controllers: ours stand beside us.
        beside = (mount / own[""].lstrip("/")).parent
        control = beside / "cgroup.subtree_control"
        with contextlib.suppress(OSError):
            if os.access(beside, os.W_OK) and "memory" in control.read_text(encoding="ascii"):
                return Hierarchy(2, {"": str(beside)})
    return None


def _own() -> dict[str, str]:
    groups = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines():
            _, controllers, path = line.split(":", 2)
            groups.update(dict.fromkeys(controllers.split(","), path))
    return groups


@dataclass
class Group:
    """A group that is ours until it is released."""

    hierarchy: Hierarchy
    name: str
    lock: int

    def limit(self, memory_bytes: int, processes: int) -> None:
        """Set the bounds of everything in it."""
        # memory that is charged from an earlier kernel's tmpfs must not fail the write
        with contextlib.suppress(OSError):
            self.hierarchy.write(self.name, {"memory.force_empty": "0"})
        self.hierarchy.write(
            self.name,
            {
                "memory.max": str(memory_bytes),
                "memory.swap.max": "0",
                "memory.oom.group": "0",
                "pids.max": str(processes),
            },
        )

    def add(self, pid: int) -> None:
        """Move a process, and thereby what it will start, into the group."""
        for folder in self.hierarchy.folders.values():
            Path(folder, self.name, "cgroup.procs").write_text(str(pid), encoding="ascii")

    def release(self) -> None:
        """Give it back."""
        os.close(self.lock)


def take(hierarchy: Hierarchy, owner: str) -> Group:
    """A group of `owner`'s that nobody uses, made if need be.

    Raises:
        OSError: none can be made.
    """
    number = 0
    while True:
        name = f"{_PREFIX}{owner}-{number}"
        for folder in hierarchy.folders.values():
            Path(folder, name).mkdir(exist_ok=True)
        first = Path(next(iter(hierarchy.folders.values())), name)
        lock = os.open(first, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            number += 1
        else:
            return Group(hierarchy, name, lock)


def remove(hierarchy: Hierarchy, owner: str) -> None:
    """Remove an owner's groups; those that still die are tried for a second."""
    _remove(hierarchy, [f"{_PREFIX}{owner}-"])


def sweep(hierarchy: Hierarchy) -> None:
    """Remove groups whose owners, named by their process, are gone."""
    dead = set()
    for folder in hierarchy.folders.values():
        for group in Path(folder).glob(f"{_PREFIX}*-*"):
            owner = group.name.split("-")[1]
            if owner.isdigit() and not Path("/proc", owner).exists():
                dead.add(f"{_PREFIX}{owner}-")
    _remove(hierarchy, sorted(dead))


def _remove(hierarchy: Hierarchy, prefixes: Sequence[str]) -> None:
    for folder in hierarchy.folders.values():
        for prefix in prefixes:
            for group in Path(folder).glob(f"{prefix}*"):
                for _ in range(50):
                    try:
                        group.rmdir()
                    except FileNotFoundError:
                        break
                    except OSError:
                        time.sleep(0.02)
                    else:
                        break
