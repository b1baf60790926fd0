"""Walls around the fork server and around each kernel. Standard library only; Linux only.

`enter` once, before the server imports anything; `kernel_place` around the fork of a kernel;
`confine` in the kernel, while it has one thread and before anything of the student's is near.
Every step raises when it cannot be done, and then there is no kernel.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import os
import resource
import shutil
import signal
import struct
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_NOSUID, _NODEV, _NOEXEC, _BIND, _REC, _PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 4, 22, 24
_PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _AMBIENT_CLEAR = 38, 39, 47, 4
_FILTER = 2
_CAP_VERSION_3 = 0x20080522
_STANDS = b"they stand"
_SPARE_FILES = 64  # for keepers, when a kernel has used up its own


def library() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def _must(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


@dataclass(frozen=True)
class Walls:
    """What the trusted side decided; the same for all kernels of a server.

    Attributes:
        layers: of `grader.kernel.sandbox.LAYERS`, those to build.
        uid: what root becomes inside the outer layer; None to stay.
        scratch: where a kernel's own folder is mounted.
        readable: what a kernel may read; with Landlock nothing else.
        filter: the seccomp program, an array of `struct sock_filter`.
    """

    layers: Sequence[str] = ()
    uid: int | None = None
    scratch: str = "/scratch"
    readable: Sequence[str] = ()
    filter: bytes = b""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Walls:
        """As `KernelServer` wrote it."""
        return cls(**{**data, "filter": base64.b64decode(data.get("filter", ""))})

    def __contains__(self, layer: str) -> bool:
        return layer in self.layers

    @property
    def elsewhere(self) -> bool:
        """Whether kernels do not see the folder that the trusted side made for them."""
        return "bubblewrap" in self or "namespaces" in self


def adopt_orphans() -> None:
    """Have processes whose parent died become children of this one (PR_SET_CHILD_SUBREAPER)."""
    if sys.platform == "linux":
        library().prctl(36, 1, 0, 0, 0)


# -- the server ------------------------------------------------------------------------------------


def enter(walls: Walls, beside: str) -> None:
    """Become the process that may fork kernels. With namespaces, this is a child: their pid 1.

    Args:
        walls: to build.
        beside: the folder in which the probe and the font cache lie.
    """
    libc = library()
    if walls.uid is not None:
        # bubblewrap covers parts of /proc for root, and then no kernel could mount its own.
        _mount(libc, "proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
        os.setgroups([])
        os.setresgid(walls.uid, walls.uid, walls.uid)
        os.setresuid(walls.uid, walls.uid, walls.uid)
        _must(libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")
    if "namespaces" in walls:
        _own_users(libc, _NEWPID | _NEWNS)
        _mount(libc, "none", "/", None, _REC | _PRIVATE)
        _live_in_child(libc)

    if "bubblewrap" in walls:
        # What a kernel has under the same names, each on its own.
        for name in ("work", "run", "home"):
            os.makedirs(f"{walls.scratch}/{name}", mode=0o700)  # noqa: PTH103
        shutil.copytree(f"{beside}/matplotlib", f"{walls.scratch}/home/matplotlib")


def rehearse(walls: Walls) -> None:
    """Make one kernel's namespaces and leave them again, to see that it can be done.

    Raises:
        OSError: it cannot.
    """
    if "namespaces" not in walls:
        return
    reading, writing = os.pipe()
    with Nursery().place() as place:
        child = os.fork()
        if child == 0:
            try:
                limits = {"scratch_bytes": 1 << 20, "scratch_files": 64}
                confine(walls, limits, None, "/")
                os.write(writing, _STANDS)
            except BaseException as error:
                os.write(writing, str(error).encode())
            finally:
                os._exit(0)
    os.close(writing)
    said = os.read(reading, 4096)
    os.close(reading)
    os.waitpid(child, 0)
    place.end()
    os.waitpid(place.first, 0)
    if said != _STANDS:  # nothing is said by one that died of its walls
        raise OSError(said.decode(errors="replace") or "a kernel ended while its walls were built")


def _live_in_child(libc: ctypes.CDLL) -> None:
    child = os.fork()
    if child == 0:
        _must(libc.prctl(1, signal.SIGKILL, 0, 0, 0), "pdeathsig")
        return
    os.close(0)
    os.closerange(3, 256)
    _, status = os.waitpid(child, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0x7F)


def _own_users(libc: ctypes.CDLL, more: int = 0) -> None:
    """A user namespace (and more) in which this user is itself and nobody else is anybody."""
    uid, gid = os.geteuid(), os.getegid()
    _must(libc.unshare(_NEWUSER | more), "user namespace")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        place = os.open(f"/proc/self/{name}", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(place, text.encode())
        finally:
            os.close(place)


@dataclass
class Place:
    """A process namespace with its first process, which holds everything in it together."""

    first: int
    lifeline: int
    gone: bool = False

    def end(self) -> None:
        """Kill all that is in it; `first` can be reaped when nothing is left."""
        if self.lifeline >= 0:
            os.close(self.lifeline)
            self.lifeline = -1
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.first, signal.SIGKILL)


@dataclass
class Nursery:
    """Makes places; must be made while the process is in the namespace that it will stay in."""

    own: int = field(default_factory=lambda: os.open("/proc/self/ns/pid", os.O_RDONLY))

    @contextlib.contextmanager
    def place(self) -> Iterator[Place]:
        """While this is open, forks are born into a new process namespace."""
        libc = library()
        _must(libc.unshare(_NEWPID), "process namespace")
        reading, writing = os.pipe()
        try:
            # Reads what never comes: it ends with the server, and whoever is in there with it.
            first = os.posix_spawn(
                "/bin/cat", ["cat"], {},
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, reading, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_RDWR, 0),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_RDWR, 0),
                ],
                setsid=True,
            )  # fmt: skip
            place = Place(first, writing)
            try:
                yield place
            except BaseException:
                place.end()
                raise
        finally:
            os.close(reading)
            _must(libc.setns(self.own, _NEWPID), "back to the own process namespace")


# -- the kernel ------------------------------------------------------------------------------------


def confine(walls: Walls, limits: Mapping[str, int], archive: int | None, origin: str) -> str:
    """Build the kernel's walls and return the root of its folder (`origin` without walls)."""
    libc = library()
    root = origin
    if "namespaces" in walls:
        _must(libc.unshare(_NEWNS | _NEWIPC | _NEWNET | _NEWUTS), "namespaces")
        _mounts(libc, walls, limits)
        root = walls.scratch
    elif "bubblewrap" in walls:
        root = f"{walls.scratch}/{os.getpid()}"
    if walls.elsewhere:
        for name in ("work", "run", "home"):
            os.makedirs(f"{root}/{name}", mode=0o700)  # noqa: PTH103
        if archive is not None:
            with os.fdopen(archive, "rb") as file, tarfile.open(fileobj=file) as archived:
                archived.extractall(f"{root}/work", filter="data")
    if "namespaces" in walls:
        # Processes are counted in it, and of this one's rights outside nothing remains.
        _own_users(libc)
    if "limits" in walls:
        _limit(limits)
    _must(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    if "landlock" in walls:
        from . import landlock  # noqa: PLC0415

        landlock.restrict(
            [*walls.readable, "/proc", "/dev"],
            [
                root,
                "/tmp",
                "/dev/shm",
                "/dev/null",
                "/dev/zero",
                "/dev/full",
                "/dev/ptmx",
                "/dev/pts",
            ],
        )
    if walls.layers and (walls.uid is not None or "namespaces" in walls):
        _drop_capabilities(libc)
    if "seccomp" in walls:
        _filter(libc, walls.filter)
    return root


def _mounts(libc: ctypes.CDLL, walls: Walls, limits: Mapping[str, int]) -> None:
    size = f"size={limits['scratch_bytes']},nr_inodes={limits['scratch_files']},mode=0700"
    common = _NOSUID | _NODEV
    below = [path for path in walls.readable if path.startswith("/tmp/")]
    kept = [(os.open(path, os.O_PATH | os.O_CLOEXEC), path) for path in below]
    _mount(libc, "tmpfs", "/tmp", "tmpfs", common, size)
    for place, path in kept:
        _bind(libc, place, path)
    if os.path.isdir("/dev/shm"):  # noqa: PTH112
        _mount(libc, "tmpfs", "/dev/shm", "tmpfs", common | _NOEXEC, size)
    if os.path.islink("/dev/ptmx"):  # noqa: PTH114 (else it is not bubblewrap's /dev)
        # `!command` takes a terminal, and those of a shared instance can be opened by all.
        _mount(libc, "devpts", "/dev/pts", "devpts", _NOSUID | _NOEXEC, "newinstance,ptmxmode=0666")
    os.makedirs(walls.scratch, exist_ok=True)  # noqa: PTH103
    _mount(libc, "tmpfs", walls.scratch, "tmpfs", common, size)
    _mount(libc, "proc", "/proc", "proc", common | _NOEXEC)


def _bind(libc: ctypes.CDLL, place: int, path: str) -> None:
    if os.path.isdir(f"/proc/self/fd/{place}"):  # noqa: PTH112
        os.makedirs(path, exist_ok=True)  # noqa: PTH103
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    _mount(libc, f"/proc/self/fd/{place}", path, None, _BIND | _REC)
    os.close(place)


def _mount(  # noqa: PLR0917 (mount(2) has them in this order)
    libc: ctypes.CDLL, source: str, target: str, kind: str | None, flags: int, data: str = ""
) -> None:
    what = kind.encode() if kind else None
    options = data.encode() or None
    result = libc.mount(
        source.encode(), target.encode(), what, ctypes.c_ulong(flags), options
    )  # fmt: skip
    _must(result, f"mount {target}")


def _limit(limits: Mapping[str, int]) -> None:
    with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123
        mapped = int(sizes.read().split()[0]) * resource.getpagesize()
    for kind, value in (
        (resource.RLIMIT_AS, mapped + limits["memory_bytes"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"] + _SPARE_FILES),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (least, least))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limits["open_files"], hard), hard))
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:  # noqa: PTH123
        score.write("1000")


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    libc.prctl(_PR_CAP_AMBIENT, _AMBIENT_CLEAR, 0, 0, 0)
    for number in range(64):
        if libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0) < 0:
            break  # past the last one, or not ours to drop; nothing is left below either way
    header = struct.pack("=Ii", _CAP_VERSION_3, 0)
    _must(libc.capset(header, bytes(24)), "capabilities")


_SIGNALS = {
    "x86_64": (62, 200, 234, 129, 297),
    "aarch64": (129, 130, 131, 138, 240),
}
"""kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo: their first argument is a process."""
_PIDFD_SEND_SIGNAL = 424
_LOAD, _EQUAL, _AT_LEAST, _ABOVE, _RETURN = 0x20, 0x15, 0x35, 0x25, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # EPERM
_NUMBER, _ARGUMENT = 0, 16  # offsets in `struct seccomp_data`


def hold_signals() -> None:
    """From now on signal nobody who is there already but oneself. For forks within walls only.

    Keepers of other exercises live in the same namespace, and nothing else keeps this process's
    code off them. Processes that it starts are its own: their numbers are greater than all others.
    """
    libc = library()
    calls = _SIGNALS.get(os.uname().machine)
    if (
        sys.platform != "linux"
        or calls is None
        or libc.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1
    ):
        return
    newest = max(int(name) for name in os.listdir("/proc") if name.isdigit())  # noqa: PTH208
    count = len(calls)
    lines = [(_LOAD, 0, 0, _NUMBER)]
    lines += [(_EQUAL, count - i + 1, 0, call) for i, call in enumerate(calls)]
    lines += [
        (_EQUAL, 5, 0, _PIDFD_SEND_SIGNAL),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _ARGUMENT),
        (_EQUAL, 3, 0, os.getpid()),
        (_AT_LEAST, 1, 0, 1 << 31),  # groups, and everybody
        (_ABOVE, 1, 0, newest),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    _filter(libc, b"".join(struct.pack("HBBI", *line) for line in lines))


def _filter(libc: ctypes.CDLL, program: bytes) -> None:
    if not program:
        raise OSError("no seccomp program")
    held = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a count of 8-byte instructions and, aligned, a pointer
    whole = struct.pack("HP", len(program) // 8, ctypes.addressof(held))
    _must(libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.c_char_p(whole), 0, 0), "seccomp")


def pipe_in(folder: str) -> None:
    """Have what forked processes print come over a socket in `folder`; ipykernel takes TCP.

    There is no network here, and libzmq ends the process when not even an interface is listed.
    """
    import zmq  # noqa: PLC0415
    from ipykernel.iostream import IOPubThread  # noqa: PLC0415
    from zmq.eventloop.zmqstream import ZMQStream  # noqa: PLC0415

    address = f"ipc://{folder}/pipe"

    def setup_in(thread: Any) -> None:
        thread._pipe_uuid = os.urandom(16)
        end = thread.socket.context.socket(zmq.PULL)
        end.linger = 0
        end.bind(address)
        thread._pipe_in = ZMQStream(end, thread.io_loop)
        thread._pipe_in.on_recv(thread._handle_pipe_msg)

    def setup_out(thread: Any) -> tuple[Any, Any]:
        context = zmq.Context()
        end = context.socket(zmq.PUSH)
        end.linger = 3000
        end.connect(address)
        return context, end

    IOPubThread._setup_pipe_in = setup_in
    IOPubThread._setup_pipe_out = setup_out
