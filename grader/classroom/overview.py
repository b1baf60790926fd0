"""The whole class at a glance, and what in it waits for a person."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from grader.classroom.distribution import Distribution, distribution
from grader.classroom.items import Item, items
from grader.classroom.line import Line, Titles
from grader.model.observation import RunStatus

Reason = Literal["undecidable", "needs_rerun", "error"]

SLOWEST = 10
_FAILED: tuple[RunStatus, ...] = ("timeout", "out_of_memory", "crashed")


@dataclass(frozen=True, slots=True)
class Misconception:
    """A misconception: whose notebooks show it, and in how many of each exercise."""

    id: str
    students: tuple[str, ...]
    exercises: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Undecided:
    """A check that nobody has decided, why not, and whose it is."""

    exercise: str
    check: str
    why: Reason
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the instructor.

    Attributes:
        not_graded: students without a mark, of which no single check is to blame.
        pending: students whose attempt has no result yet.
        undecided: checks to be decided by a person, or to be run again.
        flagged: students with manual marks that judged something else than is there now.
        refused: students whose file could not be read, which earned nothing.
    """

    not_graded: tuple[Line, ...]
    pending: tuple[Line, ...]
    undecided: tuple[Undecided, ...]
    flagged: tuple[Line, ...]
    refused: tuple[Line, ...]

    @property
    def students(self) -> frozenset[str]:
        """Everybody for whom the instructor has something to do."""
        lines = (*self.not_graded, *self.pending, *self.flagged)
        return frozenset(line.key for line in lines) | {
            key for one in self.undecided for key in one.students
        }


@dataclass(frozen=True, slots=True)
class Runs:
    """How the runs went.

    Attributes:
        median: seconds of a run in the middle; None without one.
        slowest: the slowest first, at most ten.
        failed: how it ended → whose did not end by itself.
        unwalled: whose notebooks nothing kept away from who graded them.
    """

    n: int
    median: float | None
    slowest: tuple[Line, ...]
    failed: Mapping[RunStatus, tuple[Line, ...]]
    unwalled: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A class.

    Attributes:
        title: language → the assignment's. due: ISO 8601, None without.
        lines: everybody, by key.
        marks: None where nobody has a mark.
        items: the exercises, with their checks.
        misconceptions: the commonest first.
        missing: who handed in nothing.
    """

    assignment: str
    title: Titles
    due: str | None
    lines: tuple[Line, ...]
    marks: Distribution | None
    items: tuple[Item, ...]
    misconceptions: tuple[Misconception, ...]
    runs: Runs
    waiting: Waiting
    missing: tuple[Line, ...] = field(default=())

    @property
    def answered(self) -> int:
        """How many handed in something that could be run."""
        return sum(line.answered for line in self.lines)


def overview(assignment: str, lines: Iterable[Line]) -> Overview:
    """What the lines of a class come to."""
    all_ = tuple(lines)
    last = all_[-1] if all_ else None
    return Overview(
        assignment=assignment,
        title=last.title if last else {},
        due=last.due if last else None,
        lines=all_,
        marks=distribution([line.share for line in all_ if line.share is not None]),
        items=items(all_),
        misconceptions=_misconceptions(all_),
        runs=_runs(all_),
        waiting=_waiting(all_),
        missing=_those(all_, lambda line: line.standing == "missing"),
    )


def _those(lines: Iterable[Line], wanted: Callable[[Line], bool]) -> tuple[Line, ...]:
    return tuple(line for line in lines if wanted(line))


def _misconceptions(lines: Iterable[Line]) -> tuple[Misconception, ...]:
    whose: dict[str, dict[str, None]] = {}
    where: dict[str, dict[str, int]] = {}
    for line in lines:
        for exercise, id in dict.fromkeys(line.diagnoses):
            whose.setdefault(id, {})[line.key] = None
            counts = where.setdefault(id, {})
            counts[exercise] = counts.get(exercise, 0) + 1
    found = (Misconception(id, tuple(keys), where[id]) for id, keys in whose.items())
    return tuple(sorted(found, key=lambda one: (-len(one.students), one.id)))


def _runs(lines: Sequence[Line]) -> Runs:
    timed = [(line.seconds, line) for line in lines if line.seconds is not None]
    slowest = sorted(timed, key=lambda one: (-one[0], one[1].key))[:SLOWEST]
    ended: dict[RunStatus, tuple[Line, ...]] = {
        status: tuple(line for line in lines if line.run == status) for status in _FAILED
    }
    return Runs(
        n=len(timed),
        median=statistics.median(seconds for seconds, _ in timed) if timed else None,
        slowest=tuple(line for _, line in slowest),
        failed={status: theirs for status, theirs in ended.items() if theirs},
        unwalled=_those(lines, lambda line: line.unwalled),
    )


def _waiting(lines: Sequence[Line]) -> Waiting:
    whose: dict[tuple[str, str, Reason], list[str]] = {}
    for line in lines:
        for exercise, check in line.waiting:
            why: Reason = check.status  # type: ignore[assignment]  # of the three, as it waits
            whose.setdefault((exercise, check.id, why), []).append(line.key)
    return Waiting(
        not_graded=_those(lines, lambda line: line.standing == "not_graded" and not line.waiting),
        pending=_those(lines, lambda line: line.standing == "pending"),
        undecided=tuple(Undecided(*where, tuple(keys)) for where, keys in whose.items()),
        flagged=_those(lines, lambda line: bool(line.flags)),
        refused=_those(lines, lambda line: line.run == "refused"),
    )
