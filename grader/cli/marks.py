"""Marks in words, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from grader.model.record import Flag, Grade, ManualMark
from grader.report.inert import one_line

CHANGED = {
    "submission": "another notebook counts now",
    "specification": "the assignment was changed",
    "outcome": "the grader now finds something else",
    "absent": "there is no such check any more",
    "above": "it is more than there is to be had now",
}


def explained(grade: Grade) -> Iterable[str]:
    """How a mark came about, a step a line."""
    mark = grade.mark
    if mark is None:
        yield "No mark: nothing was handed in." if grade.attempt is None else "No mark yet."
        return
    for exercise in mark.exercises:
        for check in exercise.checks:
            if check.manual is not None:
                yield f"    {check.id}: {check.status}, {check.automatic:g}; {_said(check.manual)}"
            elif check.open or check.status == "undecidable":
                counts = "nobody has decided yet" if check.open else "counts neither way"
                yield f"    {check.id}: {check.status}, {counts}"
        if exercise.open:
            yield f"  {exercise.id}: not decided"
            continue
        parts = " + ".join(f"{check.score:g}" for check in exercise.checks) or "0"
        total = f"{exercise.score:g} of {exercise.max_score:g}"
        if exercise.manual is not None:
            yield f"  {exercise.id}: {total}; the checks came to {parts}; {_said(exercise.manual)}"
        else:
            yield f"  {exercise.id}: {parts} = {total}"
    if mark.open:
        yield "No mark yet: what is not decided has to be run again, or marked by hand."
        return
    if mark.manual is not None:
        yield f"The whole: {_said(mark.manual)}"
    yield f"Earned: {mark.earned:g} of {mark.max_score:g}"
    if grade.attempt is not None and grade.attempt.late_penalty:
        reason = f" ({grade.attempt.late_reason})" if grade.attempt.late_reason else ""
        yield f"Late: {100 * grade.attempt.late_penalty:g} % of it, {mark.deducted:.4g}{reason}"
    yield f"The mark: {mark.score:.4g}"


def _said(entry: ManualMark) -> str:
    points = "a comment" if entry.points is None else f"{entry.points:g}"
    return f"{points} by {entry.who} on {entry.at:%Y-%m-%d}: {one_line(entry.why)}"


def decision(entry: ManualMark) -> str:
    """What somebody decided, when and why."""
    if entry.action == "clear":
        return (
            f"{entry.about}: cleared by {entry.who} on {entry.at:%Y-%m-%d}: {one_line(entry.why)}"
        )
    comment = f"\n  for the student: {one_line(entry.comment)}" if entry.comment else ""
    return f"{entry.about}: {_said(entry)}{comment}"


def title(grade: Grade) -> str:
    """Whose line it is, and the mark."""
    attempt = grade.attempt
    which = "nothing handed in" if attempt is None else f"attempt {attempt.number}"
    if attempt is not None and attempt.submitted_at is not None:
        which += f" of {attempt.submitted_at:%Y-%m-%d %H:%M} UTC"
    name = f" ({one_line(grade.student.name)})" if grade.student.name else ""
    return f"{grade.student.key}{name}, {grade.assignment}, {which}: {score(grade)}"


def score(grade: Grade) -> str:
    """The mark that counts, a dash where there is none."""
    mark = grade.mark
    if mark is None or mark.open:
        return "–"
    return f"{mark.score:.4g} of {mark.max_score:g}" if mark.max_score else f"{mark.score:.4g}"


def summary(grades: Iterable[Grade]) -> str:
    """How many are graded, and how many are not."""
    standings = [grade.standing for grade in grades]
    words = ("graded", "not_graded", "pending", "missing")
    counts = ", ".join(f"{standings.count(word)} {word}" for word in words if word in standings)
    return f"{len(standings)} students: {counts}" if standings else "No students."


def flagged(grade: Grade, flag: Flag) -> str:
    """That a manual mark judged something else than what is there now, and what changed."""
    said = "; ".join(CHANGED[change] for change in flag.changed)
    return f"⚑ {grade.student.key}, {flag.mark.about}: since {flag.mark.who} decided, {said}"
