"""What a running batch tells, in order: `Begun`, then `Started` and `Finished` of each notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grader.model.observation import RunStatus
from grader.model.submission import Message

Outcome = Literal["graded", "refused", "not_graded"]


@dataclass(frozen=True, slots=True)
class Begun:
    """Grading begins: `total` submissions are pending, `before` were graded before this call."""

    total: int
    before: int
    jobs: int


@dataclass(frozen=True, slots=True)
class Started:
    """A notebook is in flight. `number` is the gradebook's of the submission."""

    number: int
    student: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Finished:
    """A submission's result is in the gradebook.

    Attributes:
        outcome: `refused` for a file that cannot be graded, which earns nothing; `not_graded` for a
            fault of the grader.
        run: how the run ended; None where there was none.
        reason: why it was refused.
        fault: what went wrong with the grader, for people who mend it.
        seconds: from start to end in the batch, beside the others in flight.
    """

    number: int
    student: str
    attempt: int
    outcome: Outcome
    score: float
    max_score: float
    run: RunStatus | None
    seconds: float
    reason: Message | None = None
    fault: str | None = None


Event = Begun | Started | Finished
