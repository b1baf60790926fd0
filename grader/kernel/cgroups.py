"""A control group for each kernel, which bounds what all its processes use together.

Groups are made and filled on the trusted side. They are used again: removing one leaves its pages
charged for a while, and making one takes time. Whoever holds a lock on a group's first folder owns
the group: nobody else fills it, and nobody else removes it.
"""

from __future__ import annotations

import contextlib
import itertools
import mmap
import os
import subprocess
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader import system

_PREFIX = "grader-"
_PATIENCE_SECONDS = 1.0  # with processes of a group that still die
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Hierarchy:
    """Where groups can be made.

    Attributes:
        version: of control groups, 1 or 2.
        folders: by controller, `memory` and, where it can be had, `pids`. Those of version 2 are
            the same.
    """

    version: int
    folders: Mapping[str, str]

    @property
    def name(self) -> str:
        """As results show it; without the controller of processes, only memory is bounded."""
        return f"cgroup-v{self.version}" + ("" if "pids" in self.folders else "-memory")

    def places(self, group: str) -> list[Path]:
        """The folders of a group; the first is the one that is locked."""
        return [Path(folder, group) for folder in dict.fromkeys(self.folders.values())]


def find() -> Hierarchy | None:
    """The hierarchy in which this process may make groups; None if there is none."""
    own = groups_of("self")
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
        with contextlib.suppress(OSError):
            offered = (beside / "cgroup.subtree_control").read_text(encoding="ascii").split()
            if os.access(beside, os.W_OK) and "memory" in offered:
                return Hierarchy(2, {c: str(beside) for c in ("memory", "pids") if c in offered})
    return None


def groups_of(process: int | str) -> dict[str, str]:
    """A process's group by controller; that of version 2 by the empty name. Empty if unknown."""
    groups = {}
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/cgroup").read_text(encoding="ascii").splitlines():
            _, controllers, path = line.split(":", 2)
            groups.update(dict.fromkeys(controllers.split(","), path))
    return groups


@dataclass
class Group:
    """A group that is ours until it is released."""

    hierarchy: Hierarchy
    name: str
    lock: int
    _ended_before: int = 0  # the counter of a group that is used again goes on

    def limit(self, memory_bytes: int, processes: int) -> None:
        """Set the bounds of everything in it.

        Raises:
            OSError: one of them cannot be set, or does not stand afterwards.
        """
        if self.hierarchy.version == 1:
            with contextlib.suppress(OSError):
                # Charges of an earlier kernel's tmpfs, which must not fail the limit.
                self._write("memory.force_empty", "0")
            # With swap, which some systems do not count; it may never be the lower of the two.
            self._write_if_there("memory.memsw.limit_in_bytes", "-1")
            self._bound("memory.limit_in_bytes", memory_bytes)
            self._write_if_there("memory.memsw.limit_in_bytes", str(memory_bytes))
        else:
            self._bound("memory.max", memory_bytes)
            self._write_if_there("memory.swap.max", "0")
            self._write_if_there("memory.oom.group", "0")
        if "pids" in self.hierarchy.folders:
            self._bound("pids.max", processes)
        self._ended_before = self._ended()

    def overrun(self) -> bool:
        """Whether the system has killed a process of it since, because memory was used up."""
        return self._ended() > self._ended_before

    def _ended(self) -> int:
        """How many processes of it the system has ever killed for want of memory; 0 if unknown."""
        name = "memory.oom_control" if self.hierarchy.version == 1 else "memory.events"
        with contextlib.suppress(OSError, ValueError):
            for line in self._file(name).read_text(encoding="ascii").splitlines():
                if line.startswith("oom_kill "):
                    return int(line.split()[1])
        return 0

    def add(self, pid: int) -> None:
        """Move a process, and thereby what it will start, into the group.

        Raises:
            OSError: it is not in there afterwards.
        """
        for place in self.hierarchy.places(self.name):
            _overwrite(place / "cgroup.procs", str(pid))
        groups = groups_of(pid)
        for controller in self.hierarchy.folders:
            group = groups.get(controller if self.hierarchy.version == 1 else "", "none")
            if Path(group).name != self.name:
                raise OSError(
                    f"process {pid} was moved to control group {self.name} and is in {group} "
                    f"({controller})"
                )

    def release(self) -> None:
        """Give it back."""
        os.close(self.lock)

    def _file(self, name: str) -> Path:
        return Path(self.hierarchy.folders[name.partition(".")[0]], self.name, name)

    def _write(self, name: str, value: str) -> None:
        _overwrite(self._file(name), value)

    def _write_if_there(self, name: str, value: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._write(name, value)

    def _bound(self, name: str, most: int) -> None:
        self._write(name, str(most))
        stands = self._file(name).read_text(encoding="ascii").strip()
        # Linux rounds to pages.
        if not stands.isdigit() or int(stands) > most + mmap.PAGESIZE:
            raise OSError(f"{self._file(name)}: {most} was written and {stands!r} stands there")


def _overwrite(file: Path, value: str) -> None:
    """Write to a control file; unlike `write_text` this never makes one."""
    place = os.open(file, os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC)
    try:
        os.write(place, value.encode("ascii"))
    finally:
        os.close(place)


def take(hierarchy: Hierarchy, owner: str) -> Group:
    """A group of `owner`'s that nobody uses, made if need be.

    Raises:
        OSError: none can be made.
    """
    for number in itertools.count():
        name = f"{_PREFIX}{owner}-{number}"
        lock = _hold(hierarchy, name)
        if lock is not None:
            return Group(hierarchy, name, lock)
    raise AssertionError("numbers do not end")


def _hold(hierarchy: Hierarchy, name: str) -> int | None:
    """Make a group's folders and own them; None if somebody else does, or just removed them."""
    first, *others = hierarchy.places(name)
    try:
        first.mkdir(exist_ok=True)
        lock = os.open(first, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, FileExistsError):  # `mkdir` looks what is there, and it is gone
        return None
    try:
        # Who had it before us may have removed it: then nothing or another folder has its name.
        if system.lock(lock) and os.path.samestat(os.fstat(lock), first.stat()):
            for folder in others:
                folder.mkdir(exist_ok=True)
            return lock
    except (FileNotFoundError, FileExistsError):
        pass
    except BaseException:
        os.close(lock)
        raise
    os.close(lock)
    return None


def rehearse(hierarchy: Hierarchy) -> None:
    """Bound a process and see that it is bounded.

    Raises:
        OSError: it cannot be, for instance because groups may be made but not filled.
    """
    owner = f"{os.getpid()}-try"
    group = take(hierarchy, owner)
    try:
        group.limit(1 << 30, 64)
        with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as process:
            group.add(process.pid)
    finally:
        group.release()
        remove(hierarchy, owner)


def remove(hierarchy: Hierarchy, owner: str) -> None:
    """Remove an owner's groups. Those that are held, or still die, are tried for a second."""
    _remove(hierarchy, {owner})


def sweep(hierarchy: Hierarchy) -> None:
    """Remove groups whose owners, named by their process, are gone."""
    owners = {_owner(name) for name in _names(hierarchy)}
    pids = {owner: owner.partition("-")[0] for owner in owners}
    _remove(
        hierarchy,
        {o for o, pid in pids.items() if pid.isdigit() and not Path("/proc", pid).exists()},
    )


def _names(hierarchy: Hierarchy) -> set[str]:
    folders = hierarchy.places("")
    return {group.name for folder in folders for group in folder.glob(f"{_PREFIX}*-*")}


def _owner(name: str) -> str:
    return name.removeprefix(_PREFIX).rpartition("-")[0]


def _remove(hierarchy: Hierarchy, owners: Collection[str]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    left = {name for name in _names(hierarchy) if _owner(name) in owners}
    while left:
        left = {name for name in left if not _removed(hierarchy, name)}
        if time.monotonic() > deadline:
            return
        if left:
            time.sleep(_PAUSE_SECONDS)


def _removed(hierarchy: Hierarchy, name: str) -> bool:
    """Remove a group, if nobody owns it and nothing lives in it."""
    lock = _hold(hierarchy, name)
    if lock is None:
        return False
    try:
        # The one that is locked goes last: until then nobody else makes the others anew.
        for folder in reversed(hierarchy.places(name)):
            folder.rmdir()
    except OSError:
        return False
    finally:
        os.close(lock)
    return True
