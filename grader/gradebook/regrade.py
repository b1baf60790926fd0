"""What a corrected specification changes: looked at before anything is written.

`compare` is pure. A re-check asks nothing of a student's code: it judges the stored capture again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from grader.errors import CallError, MachineError
from grader.gradebook.marks import flags, mark
from grader.model.record import Flag, Grade, Mark, Observed
from grader.model.result import Finding, Result
from grader.report import say

Diagnosed = tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]
Why = Literal[
    "added", "removed", "points", "tolerance", "expected", "answer", "unasked", "specification",
    "grader",
]  # fmt: skip
_NONE: Diagnosed = (frozenset(), frozenset())
_LONGEST_FAULT = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """A standing result: what came out, of which version of the grader, and from what.

    `look` reads what the run showed of some exercises, which takes longer than the rest.
    """

    result: Result
    grader: str
    look: Callable[[Collection[str]], Observed]


Recheck = Callable[[Earlier], Result]


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
    another value; another thing of the student's is looked at (`answer`); the run was not asked
    what it now needs (`unasked`); none of these, so that the rule itself is another: the
    exercise's (`specification`) or the grader's own (`grader`).
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
        before: the specification and the grader that the standing result is of.
        fault: why the grader, or the course, could not judge it again; then `after` is None too.
        rerun: checks, (exercise, check), that the capture cannot answer.
        diagnoses: misconceptions, (exercise, id), no longer found and newly found.
        score: the mark that counts, before and after; None where there is no number.
        flags: manual marks that would then have judged something else.
        capture: the gradebook's number for what was judged again.
        due: when it was due by the standing result's specification.
        timed: whether it is known when it was handed in.
    """

    student: str
    submission: int
    before: tuple[str, str]
    after: Result | None
    changes: tuple[CheckChange, ...]
    rerun: tuple[tuple[str, str], ...]
    diagnoses: Diagnosed
    score: tuple[float | None, float | None]
    flags: tuple[Flag, ...]
    capture: int | None
    fault: str | None = None
    due: str | None = None
    timed: bool = False

    @property
    def changed(self) -> bool:
        """Whether there is anything to tell."""
        return self.after is None or bool(self.changes or any(self.diagnoses))


def again(grade: Grade, submission: int, earlier: Earlier, recheck: Recheck) -> Regraded:
    """Judge a capture again, and say what that would change in a line of the gradebook."""
    before, after, fault = earlier.result, None, None
    try:
        after = None if grade.capture is None else recheck(earlier)
    except (CallError, MachineError):
        raise  # it is the gradebook or the course, and would be so for everybody
    except Exception as error:  # a fault of ours leaves the standing result as it is
        fault = f"{type(error).__name__}: {error}"[:_LONGEST_FAULT]
    if after is not None and (fault := _broken(before, after)):
        after = None
    standing = {entry.target: entry for entry in grade.manual}
    late_penalty = 0.0 if grade.attempt is None else grade.attempt.late_penalty
    counted = None if after is None else mark(after, standing, late_penalty)
    return Regraded(
        student=grade.student.key,
        submission=submission,
        before=(before.spec_hash, earlier.grader),
        after=after,
        changes=() if after is None else compare(before, after),
        rerun=() if after is None else unanswered(after),
        diagnoses=_NONE if after is None else diagnosed(before, after),
        score=(_number(grade.mark), _number(counted)),
        flags=() if after is None else flags(standing, after, grade.attempt),
        capture=grade.capture,
        fault=fault,
        due=grade.due,
        timed=grade.attempt is not None and grade.attempt.submitted_at is not None,
    )


def compare(before: Result, after: Result) -> tuple[CheckChange, ...]:
    """The checks that came to something else, and why, in the order of `after`, then `before`."""
    old, new = _checks(before), _checks(after)
    versions = [{e.id: e.spec for e in result.exercises} for result in (before, after)]
    changes = []
    for key in {**new, **old}:
        was, now = old.get(key), new.get(key)
        if _outcome(was) != _outcome(now):
            corrected = len({version.get(key[0], "") for version in versions}) > 1
            why = _why(was, now, "specification" if corrected else "grader")
            changes.append(CheckChange(*key, _outcome(was), _outcome(now), why))
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


def _broken(before: Result, after: Result) -> str | None:
    """The checks that the grader or the course could judge before and cannot now, and why."""
    was = {key for key, check in _checks(before).items() if check.status == "error"}
    found = [
        f"{exercise}/{check.check}: {say(check.message, 'en')}"
        for (exercise, _), check in _checks(after).items()
        if check.status == "error" and (exercise, check.check) not in was
    ]
    return "; ".join(found)[:_LONGEST_FAULT] or None


def _number(mark: Mark | None) -> float | None:
    return None if mark is None or mark.open else mark.score


def _checks(result: Result) -> dict[tuple[str, str], Finding]:
    return {(e.id, check.check): check for e in result.exercises for check in e.checks}


def _outcome(check: Finding | None) -> Outcome | None:
    return None if check is None else Outcome(check.status, check.score, check.max_score)


def _why(before: Finding | None, after: Finding | None, rule: Why) -> tuple[Why, ...]:
    if before is None:
        return ("added",)
    if after is None:
        return ("removed",)
    if after.status == "needs_rerun":
        return ("unasked",)
    found: list[Why] = []
    if before.max_score != after.max_score:
        found.append("points")
    if before.expected != after.expected:
        found.append("expected")
    elif before.tolerance != after.tolerance:
        found.append("tolerance")
    if before.actual != after.actual:
        found.append("answer")
    return tuple(found) or (rule,)
