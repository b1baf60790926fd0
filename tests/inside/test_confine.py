"""What forks within walls may signal: themselves and what they start; walls that do not stand."""

import os
import signal
import subprocess
import sys
import textwrap
from contextlib import contextmanager

import pytest

from grader.inside import confine
from grader.inside.confine import Place, Walls

SCRIPT = """
import ctypes, errno, os, signal, subprocess, sys
from grader.inside.confine import hold_signals
older = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
if sys.argv[1] == "walls":
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
hold_signals()
def said(signalling):
    try: signalling()
    except OSError as error: return errno.errorcode[error.errno]
    return "sent"
younger = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
own = os.getpid()
signal.signal(signal.SIGUSR1, lambda *_: None)
print(said(lambda: os.kill(own, signal.SIGUSR1)), said(lambda: signal.raise_signal(signal.SIGUSR1)))
# Numbers of processes start anew when they have reached their end; then nothing can be told.
wrapped = younger.pid < max(int(name) for name in os.listdir("/proc") if name.isdigit())
print("sent" if wrapped else said(lambda: os.kill(younger.pid, signal.SIGTERM)))
print(said(lambda: os.kill(os.getppid(), 0)), said(lambda: os.kill(0, 0)))
print(said(lambda: os.kill(older.pid, 0)), said(lambda: os.kill(-1, 0)))
print(said(lambda: signal.pidfd_send_signal(os.pidfd_open(older.pid), 0)))
for child in (older, younger):
    child.stdin.close()
    child.wait()
"""


def said(where):
    script = textwrap.dedent(SCRIPT)
    command = [sys.executable, "-c", script, where]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="filters of system calls are Linux's")
def test_a_fork_signals_itself_and_what_it_starts_and_nobody_else():
    assert said("walls") == ["sent", "sent", "sent", *["EPERM"] * 5]


def test_without_walls_nothing_is_changed():
    assert said("none")[:6] == ["sent"] * 6


class Nursery:
    """One whose places are no namespaces, for which a test may lack the rights."""

    @contextmanager
    def place(self):
        first = os.posix_spawn("/bin/true", ["true"], {})
        yield Place(first, -1)


def unforeseen(*_):
    raise KeyError("scratch_bytes")


def deadly(*_):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("build", "said"), [(unforeseen, "scratch_bytes"), (deadly, "ended while its walls")]
)
def test_walls_that_fail_in_any_way_are_not_offered(monkeypatch, build, said):
    monkeypatch.setattr(confine, "Nursery", Nursery)
    monkeypatch.setattr(confine, "confine", build)
    with pytest.raises(OSError, match=said):
        confine.rehearse(Walls(layers=("namespaces",)))
    monkeypatch.setattr(confine, "confine", lambda *_: "/")
    confine.rehearse(Walls(layers=("namespaces",)))


def test_who_cannot_become_somebody_else_does_not_go_on(monkeypatch):
    def refused(*_):
        raise PermissionError("mount")

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(confine, "_mount", refused)
    with pytest.raises(PermissionError):
        confine.enter(Walls(layers=("bubblewrap",), uid=60600), "/nowhere")
