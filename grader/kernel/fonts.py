"""matplotlib's list of the fonts that there are, made once, and again when fonts come or go.

To make it takes as long as to draw ten figures. Every scratch folder gets a copy, so that no kernel
can write what another one reads.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.kernel.scratch import Scratch, font_folder, font_lists

_LONGEST_SECONDS = 60.0  # a server imports as much, and more, before anything comes of it


class FontList:
    """Makes the list where there is none yet, in a process of its own. A context manager.

    Best effort: without a list, a kernel that draws makes one for itself.
    """

    def __init__(self) -> None:
        self._folder = font_folder()
        self._maker: subprocess.Popen[bytes] | None = None
        if self._folder is None or font_lists():
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            if os.access(self._folder, os.W_OK):
                self._begin()

    def _begin(self) -> None:
        self._scratch = Scratch({}, start=False)
        self._maker = subprocess.Popen(
            [sys.executable, "-c", "import matplotlib.font_manager"],
            cwd=self._scratch.work, env=self._scratch.environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def close(self, *, at_once: bool = False) -> None:
        """Keep the list if it is ready, or soon is; `at_once` where nobody should wait."""
        maker, self._maker = self._maker, None
        if maker is None or self._folder is None:
            return
        with self._scratch:
            with contextlib.suppress(subprocess.TimeoutExpired):
                maker.wait(0 if at_once else _LONGEST_SECONDS)
            if maker.returncode is None:
                maker.kill()
            if maker.wait() == 0:
                with contextlib.suppress(OSError):
                    self._keep(self._folder)

    def _keep(self, folder: Path) -> None:
        for made in (self._scratch.root / "home" / "matplotlib").glob("fontlist-*.json"):
            half = Path(shutil.copy(made, folder / f"{made.name}.{os.getpid()}"))
            half.replace(folder / made.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(at_once=error is not None)
