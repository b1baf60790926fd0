"""The folders that one kernel may use: made before it starts, removed after it is gone."""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs
import psutil

import grader
from grader import system

_PREFIX = "grader-"
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
_KEEP = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")


class Scratch:
    """A temporary folder with the probe, a home and a working directory in it.

    Args:
        companions: files to put into the working directory, by relative name.
        start: whether a process is to be started from here; a kernel that a server forks brings
            all but its working directory along.
    """

    def __init__(self, companions: Mapping[str, bytes], *, start: bool = True) -> None:
        # A short path: the kernel's sockets lie below it and socket paths are short.
        self.root = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._held = system.lock_folder(self.root)
        self.work = self.root / "work"
        self.runtime = self.root / "run"
        for folder in (self.work, self.runtime, self.root / "home"):
            folder.mkdir()
        for name, content in companions.items():
            target = self.work / name
            if not target.resolve().is_relative_to(self.work.resolve()):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if start:
            source = Path(grader.__file__).parent / "inside"
            left_out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, self.root / "inside", ignore=left_out)
            self._fonts()

    @property
    def launcher(self) -> Path:
        """The script that starts the kernel."""
        return self.root / "inside" / "launch.py"

    def _fonts(self) -> None:
        target = self.root / "home" / "matplotlib"
        target.mkdir()
        for made in font_lists():
            shutil.copy(made, target)

    def environment(self) -> dict[str, str]:
        """The environment of the kernel: nothing of ours but what it needs."""
        home = self.root / "home"
        kept = {name: os.environ[name] for name in _KEEP if name in os.environ}
        return (
            kept
            | system.home(home)
            | {
                "IPYTHONDIR": str(home / "ipython"),
                "JUPYTER_RUNTIME_DIR": str(self.runtime),
                "MPLCONFIGDIR": str(home / "matplotlib"),
                "TMPDIR": str(self.work),
                "OMP_NUM_THREADS": "1",
                "MKL_NUM_THREADS": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONIOENCODING": "utf-8",
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        if self._held is not None:
            os.close(self._held)
            self._held = None


def sweep(folder: Path | None = None, *, older_than: float = 60.0) -> None:
    """Remove the folders of processes that were killed.

    Args:
        folder: where they lie; by default where folders are made.
        older_than: seconds; one that is being made is not locked yet.
    """
    for root in (folder or Path(tempfile.gettempdir())).glob(f"{_PREFIX}*"):
        # Anybody may make a folder of that name in a shared place.
        with contextlib.suppress(OSError):
            status = root.lstat()
            ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()
            if (
                not ours
                or time.time() - status.st_mtime < older_than
                or not (root / "run").is_dir()
            ):
                continue
            held = system.lock_folder(root)
            if held is not None:
                try:
                    _end_users(root)
                    shutil.rmtree(root, ignore_errors=True)
                finally:
                    os.close(held)


def _end_users(root: Path) -> None:
    """End what was to run in a folder whose owner is dead: what bubblewrap was about to start."""
    code = str(root / "inside")
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().real == os.geteuid() and code in process.cmdline():
                process.kill()


def font_lists() -> list[Path]:
    """The list of fonts that is kept (`grader.kernel.fonts`): none that is older than a font."""
    kept = font_folder()
    made = [] if kept is None else [*kept.glob("*.json")]
    if not made:
        return []
    folders = (Path(folder) for top in _FONTS for folder, _, _ in os.walk(top))
    try:
        changed = max((folder.stat().st_mtime for folder in folders), default=0.0)
        return [path for path in made if path.stat().st_mtime > changed]
    except OSError:  # one goes at this very moment
        return []


def font_folder() -> Path | None:
    """Where the list of fonts of this matplotlib is kept; None without matplotlib."""
    version = _matplotlib()
    if version is None:
        return None
    return Path(platformdirs.user_cache_dir("grader")) / f"matplotlib-{version}"


@functools.cache
def _matplotlib() -> str | None:
    try:
        return importlib.metadata.version("matplotlib")
    except importlib.metadata.PackageNotFoundError:
        return None
