"""What is graded and who grades it: the seam between the gradebook and threads or a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from grader.batch.one import Judged
from grader.model.exercise import Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What every submission of a batch is graded by.

    Attributes:
        assignment: what the submissions answer.
        companions: the course's files that lie beside every notebook; they go before those that
            students hand in under the same name.
        language: of results; each notebook's own when None.
    """

    assignment: Assignment
    companions: Mapping[str, bytes] = field(default_factory=dict)
    language: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One content: the notebook's name among its files, and the seed of its run."""

    name: str
    files: Mapping[str, bytes] = field(repr=False)
    seed: int


class Graders(Protocol):
    """Those who grade. One thread gives them tasks and takes back what came of them."""

    @property
    def hands(self) -> int:
        """How many tasks are graded at the same time; may change as a cluster grows."""

    @property
    def room(self) -> int:
        """How many tasks may be with them; more than `hands`, so that none waits for the giver."""

    def give(self, number: int, task: Task) -> None:
        """Have a task graded; does not wait."""

    def take(self) -> tuple[int, Judged]:
        """Wait for any that is done; its number, and what came of it.

        Raises:
            MachineError: nobody is there any more who could grade.
        """

    def stop(self) -> None:
        """Begin nothing more; nothing will be taken any more."""
