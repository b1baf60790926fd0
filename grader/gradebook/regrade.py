"""What a corrected specification changes: looked at before anything is written.

`compare` is pure. A re-check asks nothing of a student's code: it judges the stored capture again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from grader.gradebook.marks import flags, mark
from grader.model.record import Flag, Grade, Mark, Observed
from grader.model.result import Finding, Result

Recheck = Callable[[Observed, Result], Result]
Diagnosed = tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]
Why = Literal["added", "removed", "points", "tolerance", "expected", "answer", "grader"]
_NONE: Diagnosed = (frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to."""

    status: str
    score: float
    max_score: float


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check that came to something else; `before` or `after` is None where it was not there.

    `why`: it was added or removed; it is worth other points; its tolerance is another; it expects
    another value; another thing of the student's is looked at (`answer`); none of these, so that
    the rule itself is another (`grader`).
    """

    exercise: str
    check: str
    before: Outcome | None
    after: Outcome | None
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Regraded:
    """What a re-check came to for one submission.

    Attributes:
        after: None where no capture was kept: the whole submission has to be run again.
        rerun: checks, (exercise, check), that the capture cannot answer.
        diagnoses: misconceptions, (exercise, id), no longer found and newly found.
        score: the mark that counts, before and after; None where there is no number.
        flags: manual marks that would then have judged something else.
        capture: the gradebook's number for what was judged again.
    """

    student: str
    submission: int
    after: Result | None
    changes: tuple[CheckChange, ...]
    rerun: tuple[tuple[str, str], ...]
    diagnoses: Diagnosed
    score: tuple[float | None, float | None]
    flags: tuple[Flag, ...]
    capture: int | None

    @property
    def changed(self) -> bool:
        """Whether there is anything to tell."""
        return self.after is None or bool(self.changes or any(self.diagnoses))


def again(
    grade: Grade, before: Result, submission: int, observed: Observed | None, recheck: Recheck
) -> Regraded:
    """Judge a capture again, and say what that would change in a line of the gradebook."""
    after = None if observed is None else recheck(observed, before)
    standing = {entry.target: entry for entry in grade.manual}
    late_penalty = 0.0 if grade.attempt is None else grade.attempt.late_penalty
    counted = None if after is None else mark(after, standing, late_penalty)
    return Regraded(
        student=grade.student.key,
        submission=submission,
        after=after,
        changes=() if after is None else compare(before, after),
        rerun=() if after is None else unanswered(after),
        diagnoses=_NONE if after is None else diagnosed(before, after),
        score=(_number(grade.mark), _number(counted)),
        flags=() if after is None else flags(standing, after, grade.attempt),
        capture=grade.capture,
    )


def compare(before: Result, after: Result) -> tuple[CheckChange, ...]:
    """The checks that came to something else, and why, in the order of `after`, then `before`."""
    old, new = _checks(before), _checks(after)
    changes = []
    for key in {**new, **old}:
        was, now = old.get(key), new.get(key)
        if _outcome(was) != _outcome(now):
            changes.append(CheckChange(*key, _outcome(was), _outcome(now), _why(was, now)))
    return tuple(changes)


def diagnosed(before: Result, after: Result) -> Diagnosed:
    """Misconceptions, (exercise, id), that are gone, and those that are new."""
    old, new = (
        frozenset((e.id, d.id) for e in result.exercises for d in e.diagnoses)
        for result in (before, after)
    )
    return old - new, new - old


def unanswered(result: Result) -> tuple[tuple[str, str], ...]:
    """Checks, (exercise, check), that need a run."""
    return tuple(key for key, check in _checks(result).items() if check.status == "needs_rerun")


def _number(mark: Mark | None) -> float | None:
    return None if mark is None or mark.open else mark.score


def _checks(result: Result) -> dict[tuple[str, str], Finding]:
    return {(e.id, check.check): check for e in result.exercises for check in e.checks}


def _outcome(check: Finding | None) -> Outcome | None:
    return None if check is None else Outcome(check.status, check.score, check.max_score)


def _why(before: Finding | None, after: Finding | None) -> tuple[Why, ...]:
    if before is None:
        return ("added",)
    if after is None:
        return ("removed",)
    found: list[Why] = []
    if before.max_score != after.max_score:
        found.append("points")
    if before.expected != after.expected:
        found.append("expected")
    elif before.tolerance != after.tolerance:
        found.append("tolerance")
    if before.actual != after.actual:
        found.append("answer")
    return tuple(found) or ("grader",)
