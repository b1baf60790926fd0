"""What attacks are after: canaries that the harness plants, and looks at afterwards."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from multiprocessing import forkserver, util
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

SIGNS = {
    "LOOT": "the notebook printed what it must not have",
    "leak": "a secret stands in the capture, the result or the report",
    "tcp": "something connected to a port of the machine",
    "unix": "something connected to a unix socket of the machine",
    "abstract": "something connected to an abstract unix socket of the machine",
    "written": "a file outside the scratch was changed",
    "removed": "a file outside the scratch is gone",
    "process": "a process of the machine was changed or hit by a signal",
    "survivor": "a process outlived the notebook",
    "leftover": "a file was left behind",
    "sibling": "the notebook beside it got another result",
    "next": "the notebook after it got another result",
    "server": "the fork server is dead",
    "not graded": "no result came out, or one that is not graded",
    "points": "the attack earned or cost points",
}

# Changes nothing unless somebody changes it: prints a line for each signal that it is sent.
_CANARY = """
import signal, sys
for number in map(int, sys.argv[1:]):
    signal.signal(number, lambda *_: print("hit", flush=True))
print("ready", flush=True)
while sys.stdin.read(1): pass
"""


class Listener:
    """A socket that counts who comes, and tells them a secret."""

    def __init__(self, family: int, address: object, secret: str) -> None:
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.bind(address)  # type: ignore[arg-type]
        self.socket.listen(64)
        self.visits = 0
        self._secret = secret.encode()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                end, _ = self.socket.accept()
                self.visits += 1
                with contextlib.suppress(OSError), end:
                    end.sendall(self._secret)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class World:
    """Everything planted. A context manager: at its end nothing of it is left.

    Attributes:
        values: what `@word@` in an attack stands for.
        secrets: that must appear nowhere.
    """

    def __init__(self, course: Path) -> None:
        # Short: sockets of kernels lie below it.
        self.root = Path(tempfile.mkdtemp(prefix="ga-", dir="/tmp"))
        self.root.chmod(0o755)
        self.temporary = self.root / "t"
        self.temporary.mkdir()
        self._before = (tempfile.tempdir, os.environ.get("TMPDIR"))
        util.get_temp_dir()  # multiprocessing's own, which lives longer than this
        tempfile.tempdir = os.environ["TMPDIR"] = str(self.temporary)
        forkserver._forkserver._stop()  # type: ignore[attr-defined]  # slots are to see this folder
        self.mark = self.root.name
        self.secrets: dict[str, str] = {}
        self._plant()
        self._listen()
        environment = {"PATH": os.environ.get("PATH", ""), "SECRET": self.secret("environment")}
        os.environ["GRADER_ATTACK_SECRET"] = self.secret("parent")
        # Ignored by whoever does not know it, and another one for root, who reaches all canaries.
        everywhere = signal.SIGWINCH if os.geteuid() else signal.SIGURG
        signals = [str(int(number)) for number in (signal.SIGUSR1, everywhere)]
        self.segment = secrets.randbits(30)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CANARY, *signals],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.process.stdout.readline()
        os.set_blocking(self.process.stdout.fileno(), False)
        self._calm = self._state()
        if sys.platform == "linux":
            # What is orphaned comes to us, where it is found.
            ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
        self.values = {
            "mark": self.mark,
            "course": str(course),
            "root": str(self.root),
            "solution": str(self.solution),
            "submission": str(self.submission),
            "home": str(self.home),
            "writable": str(self.writable),
            "precious": str(self.precious),
            "tcp": str(self.tcp.socket.getsockname()[1]),
            "unix": str(self.root / "unix"),
            "abstract": self.mark,
            "pid": str(self.process.pid),
            "signal": str(int(everywhere)),
            "segment": str(self.segment),
            "parent": str(os.getpid()),
        }

    def secret(self, name: str) -> str:
        return self.secrets.setdefault(name, f"{name}{secrets.token_hex(12)}")

    def _file(self, place: str, secret: str) -> Path:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.secret(secret))
        return path

    def _plant(self) -> None:
        self.solution = self._file("course/solutions/secret/reference.py", "solution")
        self.submission = self._file("submissions/other.ipynb", "submission")
        self.home = self._file("home/.netrc", "home")
        self.writable = self._file("writable/file", "writable")
        self.precious = self.root / "precious"
        self._file("precious/deep/file", "precious")
        # Nothing but a layer is to stand in the way, as where a course is set up carelessly.
        for path in (self.writable.parent, self.precious, self.precious / "deep"):
            path.chmod(0o777)
        self.writable.chmod(0o666)

    def _listen(self) -> None:
        self.tcp = Listener(socket.AF_INET, ("127.0.0.1", 0), self.secret("tcp"))
        path = str(self.root / "unix")
        self.unix = Listener(socket.AF_UNIX, path, self.secret("unix"))
        Path(path).chmod(0o777)
        self.abstract = Listener(socket.AF_UNIX, f"\0{self.mark}", self.secret("abstract"))

    def _state(self) -> tuple[object, ...]:
        process = psutil.Process(self.process.pid)
        limits = tuple(process.rlimit(which) for which in (psutil.RLIMIT_CORE, psutil.RLIMIT_NICE))
        return (
            process.nice(),
            tuple(process.cpu_affinity()),
            limits,
            process.status() == "stopped",
            os.sched_getscheduler(process.pid),
        )

    def touched(self) -> set[str]:
        """Signs at the canaries since the last time; they are put right again."""
        found = set()
        for name in ("tcp", "unix", "abstract"):
            listener = getattr(self, name)
            if listener.visits:
                found.add(name)
                listener.visits = 0
        if self.process.poll() is not None or self._state() != self._calm or self._hits():
            found.add("process")
            self._soothe()
        if (
            self.writable.is_symlink()
            or not self.writable.is_file()
            or self.writable.read_text() != self.secrets["writable"]
        ):
            found.add("written")
        if sorted(p.name for p in self.writable.parent.iterdir()) != ["file"]:
            found.add("written")
        if not (self.precious / "deep" / "file").is_file():
            found.add("removed")
        if found & {"written", "removed"}:
            shutil.rmtree(self.writable.parent, ignore_errors=True)
            shutil.rmtree(self.precious, ignore_errors=True)
            self._plant()
        return found

    def _hits(self) -> bool:
        assert self.process.stdout is not None
        try:
            return bool(os.read(self.process.stdout.fileno(), 4096))
        except BlockingIOError:
            return False

    def _soothe(self) -> None:
        process = psutil.Process(self.process.pid)
        if process.status() == psutil.STATUS_STOPPED:
            process.send_signal(signal.SIGCONT)
        self._calm = self._state()

    def leftovers(self) -> set[str]:
        """Temporary files there now: of the grader's, and what attacks made under our mark."""
        found = {str(path) for path in self.temporary.iterdir()}
        for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run"):
            with contextlib.suppress(OSError):
                found |= {str(p) for p in Path(folder).iterdir() if self.mark in p.name}
        with contextlib.suppress(OSError):
            lines = Path("/proc/sysvipc/shm").read_text().splitlines()
            found |= {"segment" for line in lines if line.split()[0] == str(self.segment)}
        return found - {str(self.root)}

    def clear(self, left: set[str]) -> None:
        """Remove what an attack left behind."""
        for name in left:
            if name == "segment":
                library = ctypes.CDLL(None)
                library.shmctl(library.shmget(self.segment, 0, 0), 0, None)
                continue
            path = Path(name)
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def leaked(self, text: str) -> set[str]:
        """Names of the secrets in a text."""
        return {name for name, secret in self.secrets.items() if secret in text}

    def close(self) -> None:
        for listener in (self.tcp, self.unix, self.abstract):
            listener.close()
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        os.environ.pop("GRADER_ATTACK_SECRET", None)
        forkserver._forkserver._stop()  # type: ignore[attr-defined]
        tempfile.tempdir = self._before[0]
        if self._before[1] is None:
            os.environ.pop("TMPDIR", None)
        else:
            os.environ["TMPDIR"] = self._before[1]
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
