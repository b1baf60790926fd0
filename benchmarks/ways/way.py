"""What is asked of a way of grading, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.submissions import Submitted


class Unavailable(Exception):
    """This way cannot be measured here; the reason is said in the table."""


@dataclass(frozen=True, slots=True)
class Took:
    """A round: wall clock without what is paid once a call, and what that was."""

    seconds: float
    notebooks: int
    startup: float = 0.0


class Way(Protocol):
    """One way of grading, measured in rounds. Slow ones take fewer notebooks a round."""

    name: str
    slow: bool

    def prepare(self, warm_up: Submitted) -> None:
        """Everything that is done once, and one notebook that is not counted.

        Raises:
            Unavailable: this way cannot be measured here.
        """

    def run(self, number: int, batch: Sequence[Submitted]) -> Took:
        """Grade a batch; `number` counts the rounds."""

    def close(self) -> None:
        """End every process and remove every file."""
