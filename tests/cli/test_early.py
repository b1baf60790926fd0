"""What is begun early is what is taken, and nothing is left of what is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from grader import early
from grader.__main__ import main
from grader.cli.isolation import Isolation, kernels
from grader.cli.student import warm_kernels
from grader.early import Wanted
from grader.errors import STOPPED, MachineError
from grader.kernel import KernelServer
from grader.model.expectation import Request
from grader.reference import ReferenceProcess

ALL = Wanted()
BARE = Wanted(walls=False, references=False)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    yield
    early.end()


def begun() -> KernelServer:
    """The server that was begun, which stays where it is."""
    ((_, found),) = early._servers
    return found


def test_the_server_that_was_begun_is_taken_once() -> None:
    early.begin(ALL)
    address = begun().address
    with (
        kernels(Isolation.available, once=True) as first,
        kernels(Isolation.available, once=True) as second,
    ):
        assert first == address != second
        assert early.server(walls=True, once=True) is None
    assert not Path(address).exists()


def test_a_server_without_walls_is_for_a_notebook_of_ones_own() -> None:
    early.begin(BARE)
    server = begun()
    assert server.isolation == ()
    with warm_kernels(once=True) as address:
        assert address == server.address
    assert not server.alive


def test_a_server_without_walls_is_not_taken_for_one_with_walls() -> None:
    early.begin(BARE)
    server = begun()
    with kernels(Isolation.available, once=True) as address:
        assert address != server.address
    assert not server.alive


def test_a_server_for_one_notebook_is_not_taken_for_a_class() -> None:
    early.begin(ALL)
    server = begun()
    with kernels(Isolation.available) as address:
        assert address != server.address
    assert not server.alive


def test_where_modules_of_an_assignment_are_wanted_it_is_ended() -> None:
    early.begin(ALL)
    server = begun()
    assert early.server(walls=True, once=True, preload=["wave"]) is None
    assert early.server(walls=True, once=True) is None
    assert not server.alive


def test_the_worker_that_was_begun_answers(tmp_path: Path) -> None:
    path = tmp_path / "reference.py"
    path.write_text("import os\n\n\ndef parent():\n    return float(os.getppid())\n")
    early.begin(Wanted(server=False))
    worker = early.worker()
    assert worker is not None
    assert early.worker() is None
    with ReferenceProcess({"e": path}, begun=worker) as process:
        answer = process.answer([Request("k", "e", "parent", {}, "float64")])["k"]
        assert answer.error is None and answer.exact is not None
        assert answer.exact.data.item() == worker.pid
    assert not psutil.pid_exists(worker.pid)


def test_a_worker_that_died_meanwhile_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "reference.py"
    path.write_text("def one():\n    return 1.0\n")
    early.begin(Wanted(server=False))
    worker = early.worker()
    assert worker is not None
    psutil.Process(worker.pid).kill()
    with ReferenceProcess({"e": path}, begun=worker) as process:
        answer = process.answer([Request("k", "e", "one", {}, "float64")])["k"]
    assert answer.exact is not None and answer.exact.data.item() == 1


def test_of_what_nobody_took_no_process_is_left() -> None:
    early.begin(ALL)
    server = begun()
    (worker,) = early._workers
    assert server._process is not None
    whole = [psutil.Process(server._process.pid), psutil.Process(worker.pid)]
    tree = [*whole, *(below for one in whole for below in one.children(recursive=True))]
    early.end()
    _, alive = psutil.wait_procs(tree, timeout=30)
    assert not alive
    assert not server.alive
    assert not Path(server.address).exists()


def test_where_none_can_be_had_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise MachineError("no walls")

    monkeypatch.setattr(KernelServer, "__init__", refuse)
    early.begin(ALL)
    assert early.server(walls=True, once=True) is None


def test_a_place_where_nothing_can_be_started_is_left_to_who_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr("grader.border.warm", fail)
    monkeypatch.setattr(KernelServer, "__init__", fail)
    early.begin(BARE)
    early.begin(ALL)
    assert early.server(walls=True, once=True) is None
    assert early.worker() is None
    with warm_kernels(once=True) as address:
        assert address is None


def test_walls_that_are_required_are_those_of_the_server_that_was_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = KernelServer(("seccomp", "limits"), once=True)
    monkeypatch.setattr(early, "server", lambda **_: server)
    with pytest.raises(MachineError) as refused, kernels(Isolation.full, once=True):
        pytest.fail("it was taken")
    text = str(refused.value)
    assert "bubblewrap" in text and "namespaces" in text and "seccomp" not in text
    assert not server.alive


def test_nothing_is_imported_beside_the_command() -> None:
    """A Ctrl-C that comes while two threads import can leave both waiting for ever."""
    code = """
import sys, threading

def look(event, arguments):
    if event == "import" and threading.current_thread() is not threading.main_thread():
        print(threading.current_thread().name, arguments[0])

sys.addaudithook(look)
from grader import early
for walls in (False, True):
    early.begin(early.Wanted(walls=walls))
    from grader.cli import instructor
    early.end()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout == ""


def test_ctrl_c_before_the_command_is_there_shows_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(want: Wanted) -> None:
        raise KeyboardInterrupt

    (tmp_path / "hw.ipynb").touch()
    monkeypatch.setattr(sys, "argv", ["grader", "check", str(tmp_path / "hw.ipynb")])
    monkeypatch.setattr(early, "begin", interrupt)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == STOPPED
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("arguments", "want"),
    [
        (["grade", "hw.ipynb"], ALL),
        (["grade", "hw.ipynb", "--isolation", "available"], ALL),
        (["grade", "hw.ipynb", "--isolation", "none"], Wanted(server=False)),
        (["grade", "hw.ipynb", "--isolation=none"], Wanted(server=False)),
        (["grade", "--help"], None),
        (["grade"], None),
        (["check", "hw.ipynb"], BARE),
        (["check", "hw.ipynb", "--watch"], Wanted(walls=False, once=False, references=False)),
        (["check", "hw.ipynb", "--help"], None),
        (["check", "hv.ipynb"], None),
        (["grade", "hv.ipynb"], None),
        (["batch", "autograd", "."], Wanted(once=False)),
        (["batch", "autograd", ".", "--isolation", "none"], Wanted(server=False, once=False)),
        (["batch", "autograd", ".", "--scheduler", "tcp://127.0.0.1:1"], None),
        (["batch", "autograd", ".", "--scheduler=tcp://127.0.0.1:1"], None),
        (["batch", "autograd", "nowhere"], None),
        (["submit", "hw.ipynb", "--to", "."], BARE),
        (["submit", "hw.ipynb", "--to", ".", "--no-check"], None),
        (["explain", "hw.ipynb"], None),
        (["explain", "x" * 5000], None),
        (["explain", "\0"], None),
        ([], None),
    ],
)
def test_only_what_a_command_will_want_is_begun(
    arguments: list[str], want: Wanted | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hw.ipynb").touch()
    assert early.wanted(arguments) == want
