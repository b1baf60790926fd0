"""Which walls this machine offers, and what is needed to build them around the fork server.

Layers, by the names that results and `grader doctor` show:

- `bubblewrap`: the server sees the interpreter, libraries and nothing else, and no network.
- `namespaces`: each kernel has processes, mounts, sockets, users of its own.
- `landlock`: each kernel reads and writes listed places only.
- `seccomp`: each kernel does without dangerous system calls.
- `cgroup`: each kernel's memory and processes are bounded together.
- `limits`: each process's memory, files and so on are bounded.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import grader
from grader import system
from grader.errors import MachineError
from grader.kernel import cgroups, seccomp
from grader.kernel.scratch import Scratch
from grader.model.exercise import Limits

LAYERS = ("bubblewrap", "namespaces", "landlock", "seccomp", "cgroup", "limits")
REQUIRED = ("bubblewrap", "namespaces", "seccomp")
"""Without these, a student's code reaches the course, the network or other students' kernels."""

_GROUPS = 3  # control groups that are tried for a kernel
_INSIDE = "/grader"
_SCRATCH = "/scratch"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "alternatives")


# -- what the machine offers -----------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """Whether a layer can be had: `name` as results show it, or `why` it cannot be."""

    layer: str
    name: str | None
    why: str = ""


@functools.cache
def offers() -> Mapping[str, Offer]:
    """All layers, each really tried, once a process."""
    if sys.platform != "linux" or not system.WATCHES:
        return {layer: Offer(layer, None, "only Linux has it") for layer in LAYERS}
    tried = {
        "seccomp": _try_seccomp(),
        "cgroup": _try_cgroup(),
        "limits": Offer("limits", "limits"),
        # Where both can be had, as nearly everywhere, one trial shows it.
        "namespaces": _try_start("namespaces", ("bubblewrap", "namespaces")),
    }
    if tried["namespaces"].name:
        tried["bubblewrap"] = Offer("bubblewrap", "bubblewrap")
    else:
        tried["bubblewrap"] = _try_start("bubblewrap", ("bubblewrap",))
        if not tried["bubblewrap"].name:
            tried["namespaces"] = _try_start("namespaces", ("namespaces",))
    tried["landlock"] = _try_landlock()
    return {layer: tried[layer] for layer in LAYERS}


def missing() -> tuple[str, ...]:
    """The layers without which nobody else's notebooks should be graded here."""
    return tuple(layer for layer in REQUIRED if offers()[layer].name is None)


def choose(layers: Collection[str] | None) -> tuple[str, ...]:
    """The layers to build: all that can be had for None, else exactly those.

    Raises:
        MachineError: one of those asked for cannot be had.
    """
    if layers is None:
        return tuple(layer for layer in LAYERS if offers()[layer].name is not None)
    for layer in layers:
        if layer not in LAYERS:
            raise MachineError(f"no isolation layer is called {layer!r}: {', '.join(LAYERS)}")
        if offers()[layer].name is None:
            raise MachineError(f"isolation layer {layer}: {offers()[layer].why}")
    return tuple(layer for layer in LAYERS if layer in layers)


def names(layers: Collection[str]) -> tuple[str, ...]:
    """As results show them."""
    return tuple(offers()[layer].name or layer for layer in layers)


def _try_start(layer: str, layers: tuple[str, ...]) -> Offer:
    """Run the launcher with these walls, have it make one kernel's walls, and see it succeed."""
    if "bubblewrap" in layers and bubblewrap() is None:
        return Offer(layer, None, "the program bwrap is not installed")
    with Scratch({}) as scratch, Start(scratch, layers, "--try") as start:
        try:
            done = subprocess.run(
                start.command, env=start.environment, pass_fds=start.descriptors, timeout=30,
                cwd=start.folder, stdin=subprocess.DEVNULL, capture_output=True, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            return Offer(layer, None, str(error))
    if done.returncode == 0:
        return Offer(layer, layer)
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return Offer(layer, None, lines[-1] if lines else f"exit code {done.returncode}")


def _try_seccomp() -> Offer:
    try:
        seccomp.program()
    except (ImportError, OSError, RuntimeError) as error:
        return Offer("seccomp", None, str(error))
    return Offer("seccomp", "seccomp")


def _try_landlock() -> Offer:
    code = "import landlock; print(landlock.abi())"
    folder = Path(grader.__file__).parent / "inside"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=folder, capture_output=True, check=False
    )
    version = int(done.stdout or 0)
    if version < 1:
        return Offer("landlock", None, "this Linux has no Landlock, or has it switched off")
    return Offer("landlock", f"landlock-{version}")


def _try_cgroup() -> Offer:
    try:
        hierarchy = cgroups.find()
        if hierarchy is None:
            return Offer("cgroup", None, "no control group with a memory controller is ours")
        cgroups.rehearse(hierarchy)
    except OSError as error:
        return Offer("cgroup", None, str(error))
    return Offer("cgroup", hierarchy.name)


# -- starting a server in them ---------------------------------------------------------------------


def bubblewrap() -> str | None:
    """The program, from the system or beside this interpreter."""
    return shutil.which("bwrap") or shutil.which("bwrap", path=str(Path(sys.executable).parent))


class Start:
    """What it takes to start the launcher behind walls. A context manager that holds descriptors.

    Args:
        scratch: of the server itself.
        layers: to build.
        arguments: of the launcher; the descriptor of its settings is added.
        handed: descriptors to inherit.
    """

    def __init__(
        self, scratch: Scratch, layers: Sequence[str], *arguments: str, handed: Sequence[int] = ()
    ) -> None:
        outer = "bubblewrap" in layers
        uid = _unused_uid() if outer and os.geteuid() == 0 else None
        inside = _INSIDE if outer else str(scratch.root)
        readable = [*_existing(readable_paths()), f"{inside}/inside"]
        walls = {
            "layers": list(layers),
            "uid": uid,
            "scratch": _SCRATCH if outer else str(scratch.root / "kernel"),
            "readable": readable,
            "filter": _filter(layers),
        }
        self._settings = tempfile.TemporaryFile()  # noqa: SIM115 (closed with this)
        self._settings.write(json.dumps(walls).encode())
        self._settings.seek(0)
        number = self._settings.fileno()
        self.descriptors = (*handed, number)
        self.command = [
            sys.executable, f"{inside}/inside/launch.py", *arguments, str(number)
        ]  # fmt: skip
        self.environment = scratch.environment()
        self.folder = scratch.work
        if outer:
            for part in ("inside", "home/matplotlib"):
                _show(scratch.root / part)
            self.environment = {
                name: value.replace(str(scratch.root), _SCRATCH)
                for name, value in self.environment.items()
            }
            self.command = [*_outer(scratch, uid is not None), "--", *self.command]

    def __enter__(self) -> Start:
        return self

    def __exit__(self, *_: object) -> None:
        self._settings.close()


def _show(folder: Path) -> None:
    """Let anybody read it: whom the server becomes is nobody we know."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _filter(layers: Collection[str]) -> str:
    return base64.b64encode(seccomp.program()).decode() if "seccomp" in layers else ""


def _unused_uid() -> int:
    """A user that nobody is, so that nothing belongs to it and its limits are its own."""
    import pwd  # noqa: PLC0415 - not on Windows

    taken = {entry.pw_uid for entry in pwd.getpwall()}
    first = 60600 + os.getpid() % 300
    return next(uid for uid in range(first, 65000) if uid not in taken)


def readable_paths() -> list[str]:
    """What Python needs: never the grader itself, an editable checkout, or a whole environment."""
    base, prefix = Path(sys.base_prefix), Path(sys.prefix)
    paths = [Path(name) for name in _SYSTEM] + [Path("/etc", name) for name in _SETTINGS]
    paths += [base / name for name in ("bin", "lib", "lib64", "libexec", "share")]
    if prefix != base:
        paths += [prefix / name for name in ("bin", "pyvenv.cfg")]
    paths += [Path(entry) for entry in sys.path if _holds_packages(entry)]
    paths += [Path(sys.executable).parent]
    kept: list[Path] = []
    for path in dict.fromkeys(paths):
        if not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return [str(path) for path in kept]


def _holds_packages(entry: str) -> bool:
    path = Path(entry)
    return path.is_absolute() and path.name in {"site-packages", "dist-packages"}


def _existing(paths: Sequence[str]) -> list[str]:
    return [path for path in paths if os.path.lexists(path)]


def _outer(scratch: Scratch, root: bool) -> list[str]:
    command = [
        bubblewrap() or "bwrap", "--die-with-parent", "--new-session", "--unshare-pid",
        "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
        "--hostname", "grader",
    ]  # fmt: skip
    if not root:
        # Root keeps its rights only until the launcher has become somebody else.
        command.append("--unshare-user")
    shown = [(path, path) for path in _existing(readable_paths())]
    shown.append((str(scratch.root / "inside"), f"{_INSIDE}/inside"))
    shown.append((str(scratch.root / "home" / "matplotlib"), f"{_INSIDE}/matplotlib"))
    command += ["--perms", "1777", "--tmpfs", "/tmp"]
    # Folders on the way to what is shown: bubblewrap's own would be root's alone.
    for folder in sorted({str(p) for _, target in shown for p in Path(target).parents} - {"/"}):
        if folder != "/tmp":
            command += ["--perms", "0755", "--dir", folder]
    for path, target in shown:
        command += ["--ro-bind", path, target]
    for folder in _projects():
        command += ["--tmpfs", folder, "--remount-ro", folder]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--perms", "1777", "--tmpfs", _SCRATCH]
    return [*command, "--remount-ro", "/", "--chdir", "/"]


def _projects() -> Iterator[str]:
    """The grader's own package where it lies among the packages that are shown."""
    own = Path(grader.__file__).parent
    if _holds_packages(str(own.parent)):
        yield str(own)


# -- what a slot does for a kernel of a server -----------------------------------------------------


@dataclass(frozen=True)
class Orders:
    """What a server's owner has written down for those who want kernels of it.

    Attributes:
        luggage: kernels do not see our folders: files travel with the request.
        owner, hierarchy: of control groups; None for none.
        isolation: names of layers, for the result.
    """

    luggage: bool = False
    owner: str = ""
    hierarchy: cgroups.Hierarchy | None = None
    isolation: tuple[str, ...] = ()

    @classmethod
    def of(cls, server: str) -> Orders:
        """At the server's address.

        Raises:
            MachineError: there is no server. That is never taken for one without walls.
        """
        try:
            read: dict[str, Any] = json.loads(Path(f"{server}.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise MachineError(
                f"{server}.json: expected what a fork server was told, found no file; the server "
                "was closed while its kernels were in use"
            ) from error
        told = read.pop("hierarchy")
        hierarchy = cgroups.Hierarchy(**told) if told else None
        return cls(**{**read, "isolation": tuple(read["isolation"])}, hierarchy=hierarchy)

    def write(self, server: str) -> None:
        """For `of`, in another process."""
        Path(f"{server}.json").write_text(json.dumps(asdict(self)), encoding="utf-8")

    def pack(self, folder: Path) -> IO[bytes] | None:
        """The files of a working folder as a tar file, if the kernel needs and there are any."""
        if not self.luggage or not any(folder.iterdir()):
            return None
        packed = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for path in sorted(folder.iterdir()):
                archive.add(path, path.name, filter=_anonymous)
        packed.seek(0)
        return packed

    def bound(self, pidfd: int, limits: Limits) -> cgroups.Group | None:
        """Put a kernel that has not run anything yet into a control group of its own.

        A group that does not take its limits, because of what an earlier kernel left charged to it,
        is passed over for another.

        Raises:
            OSError: no group bounds it; such a kernel may not run.
        """
        if self.hierarchy is None:
            return None
        pid = host_pid(pidfd)
        refused: list[cgroups.Group] = []
        try:
            while True:
                group = cgroups.take(self.hierarchy, self.owner)
                try:
                    group.limit(limits.memory_bytes, limits.processes)
                    group.add(pid)
                except OSError:
                    refused.append(group)  # held until another is found, which is not this one
                    if len(refused) == _GROUPS:
                        raise
                except BaseException:
                    group.release()
                    raise
                else:
                    return group
        finally:
            for group in refused:
                group.release()


def host_pid(pidfd: int) -> int:
    """The process as we see it: what it is told may be a number of another namespace.

    Raises:
        OSError: it is gone, or cannot be seen from here.
    """
    text = Path(f"/proc/self/fdinfo/{pidfd}").read_text(encoding="ascii")
    pid = int(text.partition("\nPid:")[2].split(maxsplit=1)[0])
    if pid <= 0:  # where a process is named, 0 would mean this one
        raise ProcessLookupError(f"the kernel is gone, or out of sight: its number is {pid}")
    return pid


def _anonymous(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info if info.isreg() or info.isdir() else None
