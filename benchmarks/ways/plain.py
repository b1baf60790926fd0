"""nbclient and nothing else: a fresh kernel for each notebook, one after the other."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence

import nbformat
from nbclient import NotebookClient

from benchmarks.submissions import Submitted
from benchmarks.ways.way import Took


class Plain:
    """What `nbclient` users do; nothing is checked."""

    name = "nbclient"
    slow = True

    def prepare(self, warm_up: Submitted) -> None:
        """Run one notebook."""
        self._execute(warm_up)

    def run(self, number: int, batch: Sequence[Submitted]) -> Took:
        """Run a batch."""
        began = time.perf_counter()
        for submitted in batch:
            self._execute(submitted)
        return Took(time.perf_counter() - began, len(batch))

    def _execute(self, submitted: Submitted) -> None:
        notebook = nbformat.reads(submitted.data.decode(), as_version=4)
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            NotebookClient(
                notebook,
                kernel_name="python3",
                timeout=60,
                allow_errors=True,
                resources={"metadata": {"path": folder}},
            ).execute()

    def close(self) -> None:
        """Nothing is kept."""
