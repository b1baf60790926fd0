"""The folders that one kernel may use: made before it starts, removed after it is gone."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs

import grader

_KEEP = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")


class Scratch:
    """A temporary folder with the probe, a home and a working directory in it.

    Args:
        companions: files to put into the working directory, by relative name.
    """

    def __init__(self, companions: Mapping[str, bytes]) -> None:
        # A short path: the kernel's sockets lie below it and socket paths are short.
        self.root = Path(tempfile.mkdtemp(prefix="grader-"))
        self.work = self.root / "work"
        self.runtime = self.root / "run"
        for folder in (self.work, self.runtime, self.root / "home"):
            folder.mkdir()
        source = Path(grader.__file__).parent / "inside"
        shutil.copytree(source, self.root / "inside", ignore=shutil.ignore_patterns("__pycache__"))
        for name, content in companions.items():
            target = self.work / name
            if not target.resolve().is_relative_to(self.work.resolve()):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        self._font_cache()

    @property
    def launcher(self) -> Path:
        """The script that starts the kernel."""
        return self.root / "inside" / "launch.py"

    def _font_cache(self) -> None:
        # Building matplotlib's font cache takes seconds, and a shared one could be poisoned.
        target = self.root / "home" / "matplotlib"
        target.mkdir()
        for cache in font_cache_folder().glob("fontlist-*.json"):
            shutil.copy(cache, target)

    def environment(self) -> dict[str, str]:
        """The environment of the kernel: nothing of ours but what it needs."""
        home = self.root / "home"
        kept = {name: os.environ[name] for name in _KEEP if name in os.environ}
        return kept | {
            "HOME": str(home),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "MPLCONFIGDIR": str(home / "matplotlib"),
            "TMPDIR": str(self.work),
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


def font_cache_folder() -> Path:
    """Where the grader keeps matplotlib's font cache, to be copied into each scratch folder."""
    return Path(platformdirs.user_cache_dir("grader")) / "matplotlib"
