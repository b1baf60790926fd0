"""What forks within walls may signal: themselves and what they start."""

import subprocess
import sys
import textwrap

import pytest

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
