"""What a student's code can reach: nothing with all layers on, and something with one off."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from grader.errors import MachineError
from grader.kernel import KernelServer, sandbox, seccomp
from tests.kernel.conftest import Say
from tests.run.conftest import runs

ATTEMPT = """
import ctypes, mmap, os, socket, resource, signal, subprocess
libc = ctypes.CDLL(None, use_errno=True)
def tried(what):
    try:
        what()
    except BaseException as error:
        print("failed", type(error).__name__)
    else:
        print("done")
def must(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "no")
def alone(what):  # a process with threads makes no user namespace
    child = os.fork()
    if child == 0:
        try:
            what()
        except BaseException:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise OSError("no")
def many():
    made = []
    try:
        for _ in range(600):
            made.append(os.dup(0))
    finally:
        for number in made:
            os.close(number)
"""


# The attack, and the layers that have to go before it succeeds.
PROBES = {
    "a file of the course": (("bubblewrap", "namespaces", "landlock"), "open(@course@).read()"),
    "mounting": (
        ("seccomp", "landlock"),
        "alone(lambda: must(libc.unshare(0x10020000)) or "
        "must(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)))",
    ),
    "memory without a limit": (("seccomp",), "os.memfd_create('m')"),
    "memory that is shared": (("seccomp",), "mmap.mmap(-1, 4096)"),
    "System V memory": (("seccomp",), "must(libc.shmget(1, 4096, 0o1600))"),
    "a socket of the network": (("seccomp",), "socket.socket()"),
    "a user namespace": (("seccomp",), "alone(lambda: must(libc.unshare(0x10000000)))"),
    "the root folder": (("landlock",), "os.listdir('/')"),
    "a large file": (("limits",), "os.truncate(os.open('f', 65), 100 << 20)"),
    "many descriptors": (("limits",), "many()"),
    "an address space": (("limits",), "mmap.mmap(-1, 4 << 30, flags=2)"),
}


@pytest.mark.parametrize("name", PROBES)
def test_a_layer_stops_what_it_is_for(
    name: str, behind: Callable[..., KernelServer], say: Say, course: Path
) -> None:
    off, source = PROBES[name]
    source = source.replace("@course@", repr(str(course / "pyproject.toml")))
    cell = f"{ATTEMPT}\ntried(lambda: {source})"
    assert say(behind(), cell).startswith("failed")
    assert say(behind(*off), cell) == "done"


def test_only_its_own_processes_can_be_seen(behind: Callable[..., KernelServer], say: Say) -> None:
    cell = "import os; print(len([p for p in os.listdir('/proc') if p.isdigit()]))"
    assert say(behind(), cell) == "2"
    assert int(say(behind("namespaces"), cell)) > 2


def test_processes_are_counted_for_each_kernel(
    behind: Callable[..., KernelServer], say: Say
) -> None:
    cell = """
import os, signal
made = []
try:
    while len(made) < 300:
        child = os.fork()
        if child == 0:
            signal.pause()
        made.append(child)
except OSError as error:
    print(type(error).__name__)
for child in made:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""
    assert say(behind(), cell) == "BlockingIOError"
    assert say(behind(), "print('next')") == "next"


def test_what_a_kernels_processes_use_is_counted_together(
    behind: Callable[..., KernelServer], say: Say
) -> None:
    if "cgroup" not in sandbox.choose(None):
        pytest.skip("this machine offers no control groups")
    # Each stays below the limit of a process, 1536 MB; all of them do not. One that is killed may
    # have filled its block and not be dead yet: those that hold it answer after all are full.
    cell = """
import os, signal, socket
children, ends = [], []
for _ in range(4):
    end, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        end.close()
        block = bytearray(b"x") * (480 << 20)
        theirs.send(b"filled")
        theirs.recv(1) and theirs.send(b"held")
        os._exit(0)
    theirs.close()
    children.append(child)
    ends.append(end)
try:
    together = all([end.recv(8) for end in ends])
    together = together and all([end.send(b"?") and end.recv(8) for end in ends])
except OSError:
    together = False
print("all of it" if together else "one was ended")
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""
    assert say(behind(), cell) == "one was ended"
    assert say(behind("cgroup"), cell) == "all of it"


def test_a_kernel_that_used_up_the_memory_of_its_group_is_said_to_have_run_out_of_it(
    behind: Callable[..., KernelServer],
) -> None:
    if "cgroup" not in sandbox.choose(None):
        pytest.skip("this machine offers no control groups")
    # The system ends the largest: the kernel, when the children's blocks are full.
    cell = """
import os, signal, socket
for _ in range(2):
    end, theirs = socket.socketpair()
    if os.fork() == 0:
        block = bytearray(b"x") * (500 << 20)
        theirs.send(b"filled")
        signal.pause()
    end.recv(6)
block = bytearray(b"x") * (900 << 20)
"""
    for source, status in ((cell, "out_of_memory"), ("import os; os._exit(3)", "crashed")):
        sealed, _ = runs(behind().address)([("a", source), ("b", "after = 1")])
        assert [one.status for one in sealed.cells] == ["crashed", "ok"]
        assert sealed.run.status == status


def test_calls_that_the_library_is_too_old_to_know_are_denied_by_number(
    behind: Callable[..., KernelServer], say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    # statmount, listmount, open_tree_attr, clone3
    cell = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
for number in (457, 458, 467, 435):
    libc.syscall(number, 0, 0, 0, 0, 0)
    print(errno.errorcode[ctypes.get_errno()])
"""
    assert say(behind(), cell).split() == ["EPERM", "EPERM", "EPERM", "ENOSYS"]

    import pyseccomp

    known, resolve = seccomp.program(), pyseccomp.resolve_syscall

    def of_2019(architecture: object, name: str) -> int:
        number: int = resolve(architecture, name)
        return number if number < 424 else -1

    monkeypatch.setattr(pyseccomp, "resolve_syscall", of_2019)
    assert seccomp.program.__wrapped__() == known


def test_a_call_whose_number_nobody_knows_is_not_left_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seccomp, "DENIED", (*seccomp.DENIED, "open_gate"))
    with pytest.raises(OSError, match="open_gate"):
        seccomp.program.__wrapped__()


def test_nothing_is_left_of_the_rights_to_make_the_walls(
    behind: Callable[..., KernelServer], say: Say
) -> None:
    cell = """
lines = dict(l.split(":", 1) for l in open("/proc/self/status"))
names = "CapEff", "CapPrm", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp"
print(*(lines[name].strip() for name in names))
"""
    none = "0" * 16
    assert say(behind(), cell) == f"{none} {none} {none} {none} 1 2"


def test_one_kernels_files_are_not_there_for_the_next(
    behind: Callable[..., KernelServer], say: Say
) -> None:
    places = "('/tmp/x', '/dev/shm/x', os.path.expanduser('~/x'), 'x')"
    say(behind(), f"import os\nfor p in {places}: open(p, 'w').write('mine')")
    look = f"import os\nprint([os.path.exists(p) for p in {places}])"
    assert say(behind(), look) == "[False, False, False, False]"


def test_a_companion_file_arrives(behind: Callable[..., KernelServer], say: Say) -> None:
    for without in ((), ("namespaces",), ("bubblewrap",), sandbox.LAYERS):
        assert say(behind(*without), "print(open('data.txt').read())") == "42"


def test_what_a_child_prints_is_seen(behind: Callable[..., KernelServer], say: Say) -> None:
    cell = """
import multiprocessing
child = multiprocessing.get_context("fork").Process(target=lambda: print("child", flush=True))
child.start()
child.join()
"""
    assert say(behind(), cell) == "child"


def test_a_daemon_does_not_outlive_its_kernel(
    behind: Callable[..., KernelServer], say: Say
) -> None:
    cell = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "98765"])
    os._exit(0)
os.wait()
print("left one")
"""
    assert say(behind(), cell) == "left one"
    assert not [p for p in psutil.process_iter(["cmdline"]) if "98765" in (p.info["cmdline"] or ())]


def test_what_is_preloaded_is_there_and_what_cannot_be_is_left_to_who_imports_it(say: Say) -> None:
    cell = "import sys; print('wave' in sys.modules, 'chunk' in sys.modules)"
    with KernelServer(preload=("wave", "no.such.module")) as server:
        assert say(server, cell) == "True False"
        assert "No module named 'no'" in say(server, "import no.such.module")


def test_what_an_import_prints_is_not_taken_for_the_servers_word(say: Say) -> None:
    with KernelServer((), preload=("this",)) as server:  # it prints a poem
        assert say(server, "print('ran')") == "ran"
        assert server._process is not None and server._process.stdout is not None
        assert os.read(server._process.stdout.fileno(), 1000) == b"\n"


def test_a_server_for_one_notebook_has_kernels_that_see_and_say_the_same(
    behind: Callable[..., KernelServer],
) -> None:
    cells = [
        ("a", "import torch\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.bar([1], [2])"),
        ("b", "x = torch.ones(2, requires_grad=True); print(x); x.backward()"),
        ("c", "x.sum().backward(); torch.rand(1)"),
    ]
    with KernelServer(once=True) as server:
        first, second = (runs(server.address)(cells)[0].cells for _ in range(2))
    usual = runs(behind().address)(cells)[0].cells
    assert [(cell.status, len(cell.events), len(cell.figures)) for cell in usual] == [
        ("ok", 0, 1), ("error", 1, 0), ("ok", 1, 0)
    ]  # fmt: skip
    for cells_ in (first, second):
        for cell, other in zip(cells_, usual, strict=True):
            assert (cell.status, cell.error, cell.outputs) == (
                other.status, other.error, other.outputs
            )  # fmt: skip
            assert (len(cell.events), len(cell.figures)) == (len(other.events), len(other.figures))


def test_layers_are_named_and_unknown_ones_refused() -> None:
    assert sandbox.names(("seccomp",)) == ("seccomp",)
    with pytest.raises(MachineError, match="moat"):
        KernelServer(("moat",))


def test_without_its_walls_no_kernel_starts(
    behind: Callable[..., KernelServer], say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seccomp, "program", lambda: b"garbage!")
    with (
        KernelServer(("bubblewrap", "namespaces", "seccomp")) as server,
        pytest.raises(OSError, match="did not start"),
    ):
        say(server, "print('out')")
