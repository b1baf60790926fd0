"""One reference process for all notebooks in flight."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.model.expectation import Expectation, Request
from grader.reference import ReferenceProcess

_REMEMBERED = 1000  # answers; hidden inputs differ from one content to the next


class SharedReferences(ReferenceProcess):
    """A reference process that several threads ask, one at a time; it forgets what is long ago."""

    def __init__(self, references: Mapping[str, Path]) -> None:
        super().__init__(references)
        self._turn = threading.Lock()

    def answer(self, requests: Sequence[Request]) -> dict[str, Expectation]:
        """As `ReferenceProcess.answer`."""
        with self._turn:
            answers = super().answer(requests)
            for name in [*self._known][:-_REMEMBERED]:
                del self._known[name]
            return answers
