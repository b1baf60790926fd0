"""One reference process for all notebooks in flight."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.model.expectation import Expectation, Request
from grader.reference import ReferenceProcess


class SharedReferences(ReferenceProcess):
    """A reference process that several threads ask, one at a time."""

    def __init__(self, references: Mapping[str, Path]) -> None:
        super().__init__(references)
        self._turn = threading.Lock()

    def answer(self, requests: Sequence[Request]) -> dict[str, Expectation]:
        """As `ReferenceProcess.answer`."""
        with self._turn:
            return super().answer(requests)
