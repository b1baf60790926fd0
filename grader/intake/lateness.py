"""What being late costs. Nothing, unless the course has a policy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from grader.errors import CallError
from grader.model.intake import Attempt
from grader.model.submission import Message
from grader.model.times import end

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePolicy:
    """How much of what was earned is taken off.

    Attributes:
        grace: up to so much after the due time costs nothing; after it, days count from the due
            time itself.
        percent_per_day: for each day that has begun.
        cap: percent that are taken off at most.
    """

    grace: timedelta = timedelta()
    percent_per_day: float = 0.0
    cap: float = 100.0

    def __post_init__(self) -> None:
        for key, value, most in (
            ("percent_per_day", self.percent_per_day, 100.0),
            ("cap", self.cap, 100.0),
            ("grace", self.grace.total_seconds(), math.inf),
        ):
            if not 0 <= value <= most:
                least = "at least 0" if math.isinf(most) else f"0 to {most:g}"
                raise CallError(f"late policy: {key}: expected {least}, found {value:g}")


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late an attempt is, and what that costs.

    Attributes:
        by: after the due time; zero when in time or not known.
        percent: of the points earned that are taken off, 0 to 100.
        reason: why so many, for student and instructor.
    """

    by: timedelta
    percent: float
    reason: Message


def lateness(attempt: Attempt, due: str | None, policy: LatePolicy | None = None) -> Lateness:
    """What an attempt loses by being late.

    `due` is ISO 8601; a date alone lasts until its end, and what has no zone is in UTC. Only a time
    of handing in counts (`Moment.sure`): a file's own time, and a platform's mark that something is
    late without saying by how much, cost nothing and say so in the reason.

    Raises:
        CallError: `due` cannot be read.
    """
    if due is None:
        return Lateness(timedelta(), 0.0, Message("intake.late-no-due"))
    over = end(due)
    moment = attempt.submitted
    if moment is None or not moment.sure:
        marked = "intake.late-marked" if attempt.late else "intake.late-unknown"
        return Lateness(timedelta(), 0.0, Message(marked))
    by = moment.time - over
    if by <= timedelta():
        return Lateness(timedelta(), 0.0, Message("intake.late-in-time"))
    policy = policy or LatePolicy()
    days = -(-by // _DAY)
    facts = {"days": days}
    if by <= policy.grace:
        return Lateness(by, 0.0, Message("intake.late-grace", facts))
    percent = min(policy.cap, days * policy.percent_per_day)
    if not percent:
        return Lateness(by, 0.0, Message("intake.late-free", facts))
    capped = percent < days * policy.percent_per_day
    id = "intake.late-capped" if capped else "intake.late"
    return Lateness(by, percent, Message(id, facts | {"percent": percent}))
