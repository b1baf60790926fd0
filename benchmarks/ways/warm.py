"""The floor as a way: drives the process of `benchmarks/ways/floor.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.submissions import Submitted
from benchmarks.ways import floor
from benchmarks.ways.way import Took, Unavailable
from grader.inside import warm

_KERNELS_OWN = ("ipykernel", "IPython", "tornado", "matplotlib_inline", "safetensors")
# what kernels of the fork server find imported, but for what makes them kernels
MODULES = tuple(
    name for name in (*warm.PRELOAD, *warm.RARE) if name.partition(".")[0] not in _KERNELS_OWN
)


class Floor:
    """A warm process, forked for each notebook."""

    name = "floor"
    slow = False
    _startup = 0.0

    def prepare(self, warm_up: Submitted) -> None:
        """Start the process and run one notebook."""
        began = time.perf_counter()
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        self._process = subprocess.Popen(
            [sys.executable, floor.__file__, *MODULES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ
            | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TMPDIR": self._folder.name},
        )
        self._answer()
        self.run(0, [warm_up])
        self._startup = time.perf_counter() - began

    def run(self, number: int, batch: Sequence[Submitted]) -> Took:
        """Run a batch."""
        paths = []
        for submitted in batch:
            path = Path(self._folder.name) / f"{submitted.name}.ipynb"
            path.write_bytes(submitted.data)
            paths.append(str(path))
        assert self._process.stdin is not None
        print(json.dumps(paths), file=self._process.stdin, flush=True)
        return Took(float(self._answer()), len(batch), self._startup)

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Unavailable("the warm process ended")
        return line

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()
