"""How a mark comes about: one pure function, `mark`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from grader.errors import CallError
from grader.model.record import (
    Attempt,
    Changed,
    CheckMark,
    ExerciseMark,
    Flag,
    Judged,
    ManualMark,
    Mark,
)
from grader.model.result import ExerciseResult, Finding, Result
from grader.report import totals

WHOLE = ("", "")
Target = tuple[str, str]


def mark(
    result: Result | None, standing: Mapping[Target, ManualMark], late_penalty: float = 0.0
) -> Mark | None:
    """The mark that counts: manual if any, else automatic, less the late penalty.

        check     = manual points for the check,     else what the grader gave
        exercise  = manual points for the exercise,  else the sum of its checks
        earned    = manual points for the whole,     else the sum of the exercises
        score     = earned − late_penalty · earned          (0 ≤ late_penalty ≤ 1)

    The larger target wins: who marks an exercise has marked its checks. A check that is
    `undecidable` counts neither for nor against until a person gives points to it, or to what
    contains it; then its highest score counts too. What the grader could not grade is `open`
    until a person has marked it, and whatever contains it is open with it. None where there is
    neither a result nor a manual mark for the whole.

    `standing` is as `standing_marks` gives it; entries without points are comments and change
    nothing.
    """
    whole = _with_points(standing, WHOLE)
    if result is None and whole is None:
        return None
    exercises = () if result is None else tuple(_exercise(e, standing) for e in result.exercises)
    automatic, earned, max_score, open_ = 0.0, 0.0, 0.0, False
    if result is not None:
        automatic, earned, max_score = result.score, result.score, result.max_score
        open_ = result.status == "not_graded"
    if exercises:
        earned = sum(exercise.score for exercise in exercises)
        max_score = sum(exercise.max_score for exercise in exercises)
        open_ = any(exercise.open for exercise in exercises)
    if whole is not None and whole.points is not None:
        earned, open_ = whole.points, False
        max_score = highest(result, WHOLE) or max_score
    deducted = earned * late_penalty
    return Mark(
        automatic=automatic,
        earned=earned,
        deducted=deducted,
        score=earned - deducted,
        max_score=max_score,
        manual=whole,
        open=open_,
        exercises=exercises,
    )


def _exercise(exercise: ExerciseResult, standing: Mapping[Target, ManualMark]) -> ExerciseMark:
    checks = tuple(
        _check(check, _with_points(standing, (exercise.id, check.check)))
        for check in exercise.checks
    )
    manual = _with_points(standing, (exercise.id, ""))
    decided = any(check.manual for check in checks)
    # what no person touched is as the result has it, to the last bit
    score = sum(c.score for c in checks) if decided else exercise.score
    max_score = sum(c.max_score for c in checks) if decided else exercise.max_score
    open_ = any(check.open for check in checks)
    if not decided:
        open_ = exercise.status == "not_graded"
    if manual is not None and manual.points is not None:
        score, open_ = manual.points, False
        max_score = _full(exercise)
    return ExerciseMark(
        exercise.id, exercise.title, exercise.status, exercise.score, score, max_score,
        manual, open_, checks,
    )  # fmt: skip


def _check(check: Finding, manual: ManualMark | None) -> CheckMark:
    score, max_score = totals([check])
    open_ = check.status in {"error", "needs_rerun"}
    if manual is not None and manual.points is not None:
        score, max_score, open_ = manual.points, check.max_score, False
    return CheckMark(
        check.check, check.kind, check.visibility, check.status, check.score, score, max_score,
        manual, open_,
    )  # fmt: skip


def _with_points(standing: Mapping[Target, ManualMark], target: Target) -> ManualMark | None:
    found = standing.get(target)
    return found if found is not None and found.points is not None else None


def standing_marks(history: Iterable[ManualMark]) -> dict[Target, ManualMark]:
    """The last decision about each target, unless it took the earlier ones back."""
    last = {entry.target: entry for entry in sorted(history, key=lambda entry: entry.number)}
    return {target: entry for target, entry in last.items() if entry.action == "set"}


def judged(result: Result | None, content: str | None, target: Target) -> Judged:
    """What there is to judge at `target`.

    Raises:
        CallError: the result has no such exercise or check.
    """
    if result is None:
        return Judged(content, None, None, None)
    outcome = _outcome(result, target)
    if outcome is None:
        raise CallError(_no_such(result, target))
    return Judged(content, result.spec_hash, *outcome)


def highest(result: Result | None, target: Target) -> float | None:
    """The highest score of `target`, undecided checks included; None where it is not known."""
    if result is None:
        return None
    if target == WHOLE:
        return sum(map(_full, result.exercises)) or result.max_score or None
    exercise = next(e for e in result.exercises if e.id == target[0])
    if target[1]:
        return next(c.max_score for c in exercise.checks if c.check == target[1])
    return _full(exercise)


def _full(exercise: ExerciseResult) -> float:
    """The highest score of an exercise, with the checks that nobody has decided yet."""
    return sum(c.max_score for c in exercise.checks) if exercise.checks else exercise.max_score


def flags(
    standing: Mapping[Target, ManualMark], result: Result | None, attempt: Attempt | None
) -> tuple[Flag, ...]:
    """The manual marks that judged something else than what is there now.

    `submission`: another notebook counts now. `specification`: another version of the assignment.
    `outcome`: the automatic status or score is another. `absent`: there is no such check any more,
    and the mark counts for nothing. `above`: it gives more points than there are to be had now.
    """
    content = None if attempt is None else attempt.content
    found = ((entry, _changed(entry, result, content)) for entry in standing.values())
    return tuple(Flag(entry, changed) for entry, changed in found if changed)


def _changed(entry: ManualMark, result: Result | None, content: str | None) -> tuple[Changed, ...]:
    changed: list[Changed] = []
    seen = entry.judged
    if content != seen.content:
        changed.append("submission")
    if result is None:
        return tuple(changed)
    outcome = _outcome(result, entry.target)
    if result.spec_hash != seen.spec_hash:
        changed.append("specification")
    if outcome is None:
        changed.append("absent")
    elif outcome != (seen.status, seen.score):
        changed.append("outcome")
    most = None if outcome is None else highest(result, entry.target)
    if most is not None and entry.points is not None and entry.points > most:
        changed.append("above")
    return tuple(changed)


def _outcome(result: Result, target: Target) -> tuple[str, float] | None:
    if target == WHOLE:
        return result.status, result.score
    for exercise in result.exercises:
        if exercise.id == target[0]:
            if not target[1]:
                return exercise.status, exercise.score
            return next(
                ((c.status, c.score) for c in exercise.checks if c.check == target[1]), None
            )
    return None


def _no_such(result: Result, target: Target) -> str:
    exercises = [exercise.id for exercise in result.exercises]
    if target[0] not in exercises:
        return (
            f"{result.assignment}: expected one of its exercises ({_listed(exercises)}), "
            f"found {target[0]!r}"
        )
    checks = next([c.check for c in e.checks] for e in result.exercises if e.id == target[0])
    return f"{target[0]}: expected one of its checks ({_listed(checks)}), found {target[1]!r}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
