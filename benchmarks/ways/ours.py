"""This grader, whole: run, capture, check, diagnose, and an HTML report on disk."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.submissions import ASSIGNMENT, COURSE, Submitted
from benchmarks.ways.way import Took
from grader.border import warm
from grader.kernel import KernelServer
from grader.pipeline import diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import html
from grader.spec import load_assignment, references


class Ours:
    """Many notebooks in flight, over one kernel server and one reference process."""

    slow = False

    def __init__(self, name: str, in_flight: int, layers: Sequence[str] | None) -> None:
        self.name = name
        self._in_flight = in_flight
        self._layers = layers
        self._stack = ExitStack()

    def prepare(self, warm_up: Submitted) -> None:
        """Start what is shared, and grade one notebook."""
        began = time.perf_counter()
        self._assignment = load_assignment(COURSE, ASSIGNMENT)
        warm()
        self.server = self._stack.enter_context(KernelServer(layers=self._layers))
        self.references = ReferenceProcess(references(COURSE, self._assignment))
        self._stack.enter_context(self.references)
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        self._pool = self._stack.enter_context(ThreadPoolExecutor(self._in_flight))
        self.grade(warm_up, 0)
        self._startup = time.perf_counter() - began

    def grade(self, submitted: Submitted, seed: int) -> None:
        """Grade one notebook and write its report."""
        graded = grade(
            submitted.data, f"{submitted.name}.ipynb", self._assignment, self.references,
            seed=seed, student=submitted.name, server=self.server.address,
        )  # fmt: skip
        result = graded.result
        page = html(result, graded.submission, graded.capture, "en", diagnosis_texts(result))
        (self._folder / f"{submitted.name}.html").write_text(page, encoding="utf-8")

    def run(self, number: int, batch: Sequence[Submitted]) -> Took:
        """Grade a batch with a seed of its own, so that no hidden input was seen before."""
        began = time.perf_counter()
        for _ in self._pool.map(self.grade, batch, [1 + number] * len(batch)):
            pass
        return Took(time.perf_counter() - began, len(batch), self._startup)

    def close(self) -> None:
        """End what is shared."""
        self._stack.close()
