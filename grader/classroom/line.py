"""One student in the class: what the statistics and the page need of a gradebook's line.

A class of lines stays in memory while results, which are large, do not: what repeats from student
to student (titles, ids) is shared.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from grader.model.observation import RunStatus
from grader.model.record import CheckMark, ExerciseMark, Flag, Grade, Standing
from grader.model.result import CheckStatus, ExerciseResult, ExerciseStatus, Result
from grader.model.submission import Message

_LONGEST_REASON = 400
_UNKNOWN: frozenset[CheckStatus] = frozenset({"undecidable", "needs_rerun", "error"})

Titles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of one student.

    Attributes:
        value: the share of its points that counts, 0 to 1; of a check without points, whether it
            passed. None where neither the grader nor a person has decided.
        points: the highest score.
        waits: a person, or a rerun, has to decide; not so where the exercise is decided as a whole.
    """

    id: str
    title: Titles
    status: CheckStatus
    value: float | None
    points: float
    waits: bool


@dataclass(frozen=True, slots=True)
class ExerciseLine:
    """One exercise of one student; `value` is the share of its points that counts, None if open."""

    id: str
    title: Titles
    status: ExerciseStatus
    score: float
    max_score: float
    value: float | None
    checks: tuple[CheckLine, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One student, with the attempt that counts.

    Attributes:
        share: the mark that counts as a share of the highest, 0 to 1 (more where a person gave
            more); None where there is no mark yet.
        late: the share that lateness takes, 0 to 1.
        run: how the run ended; None without one, and a fault of the grader is none.
        seconds: how long it took. unwalled: whether nothing kept the notebook away meanwhile.
        diagnoses: (exercise, misconception), the surest of each exercise first.
        reason: why the grader could not give a mark. refusal: why the file could not be read.
    """

    key: str
    name: str
    section: str
    standing: Standing
    score: float | None = None
    max_score: float | None = None
    share: float | None = None
    attempt: int | None = None
    attempts: int = 0
    submitted_at: datetime | None = None
    late: float = 0.0
    run: RunStatus | None = None
    seconds: float | None = None
    retried: bool = False
    unwalled: bool = False
    exercises: tuple[ExerciseLine, ...] = ()
    diagnoses: tuple[tuple[str, str], ...] = ()
    flags: tuple[Flag, ...] = ()
    reason: str = ""
    refusal: Message | None = None
    title: Titles = field(default_factory=dict)
    due: str | None = None

    @property
    def answered(self) -> bool:
        """Whether there is something to learn about the exercises: a notebook that was run."""
        return bool(self.exercises) and self.run != "refused"

    @property
    def waiting(self) -> tuple[tuple[str, CheckLine], ...]:
        """(exercise, check) of all that a person or a rerun has to decide."""
        return tuple(
            (one.id, check) for one in self.exercises for check in one.checks if check.waits
        )


def line(grade: Grade) -> Line:
    """What the class's page needs of a student's line in the gradebook."""
    mark, result, attempt, student = grade.mark, grade.result, grade.attempt, grade.student
    known = mark is not None and not mark.open
    refused = result is not None and result.run.status == "refused"
    return Line(
        key=student.key,
        name=student.name,
        section=student.section,
        standing=grade.standing,
        score=mark.score if mark is not None and known else None,
        max_score=mark.max_score if mark is not None else None,
        share=mark.score / mark.max_score
        if mark is not None and known and mark.max_score
        else None,
        attempt=None if attempt is None else attempt.number,
        attempts=grade.attempts,
        submitted_at=None if attempt is None else attempt.submitted_at,
        late=0.0 if attempt is None else attempt.late_penalty,
        run=_ended(result),
        seconds=None if result is None or refused else result.run.seconds,
        retried=result is not None and result.run.retried,
        unwalled=result is not None and result.unwalled,
        exercises=_exercises(grade),
        diagnoses=tuple(
            (sys.intern(exercise.id), sys.intern(diagnosis.id))
            for exercise in (result.exercises if result else ())
            for diagnosis in exercise.diagnoses
        ),
        flags=grade.flags,
        reason=((result.reason if result else None) or "")[:_LONGEST_REASON],
        refusal=result.notices[0] if result is not None and refused and result.notices else None,
        title=_shared(tuple(grade.title.items())),
        due=grade.due,
    )


def _ended(result: Result | None) -> RunStatus | None:
    """How the run ended, where there was one: what the grader could not run did not crash."""
    if result is None or (result.status == "not_graded" and result.run.status == "crashed"):
        return None
    return result.run.status


def _exercises(grade: Grade) -> tuple[ExerciseLine, ...]:
    if grade.mark is None or grade.result is None:
        return ()
    whole = grade.mark.manual is not None
    return tuple(
        _exercise(mark, result, decided=whole or mark.manual is not None)
        for mark, result in zip(grade.mark.exercises, grade.result.exercises, strict=True)
    )


def _exercise(mark: ExerciseMark, result: ExerciseResult, *, decided: bool) -> ExerciseLine:
    titles = {check.check: check.title for check in result.checks}
    points = {check.check: check.max_score for check in result.checks}
    return ExerciseLine(
        id=sys.intern(mark.id),
        title=_shared(tuple(mark.title.items())),
        status=mark.status,
        score=mark.score,
        max_score=mark.max_score,
        value=None if mark.open or not mark.max_score else mark.score / mark.max_score,
        checks=tuple(
            _check(check, titles[check.id], points[check.id], decided) for check in mark.checks
        ),
    )


def _check(check: CheckMark, title: Titles, points: float, decided: bool) -> CheckLine:
    unknown = check.manual is None and check.status in _UNKNOWN
    if unknown:
        value = None
    elif points:
        value = check.score / points
    else:
        value = float(check.status == "passed")
    return CheckLine(
        id=sys.intern(check.id),
        title=_shared(tuple(title.items())),
        status=check.status,
        value=value,
        points=points,
        waits=unknown and not decided,
    )


@lru_cache(maxsize=4096)
def _shared(title: tuple[tuple[str, str], ...]) -> Titles:
    """One mapping for all that say the same."""
    return MappingProxyType(dict(title))
