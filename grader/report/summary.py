"""What to do first: the exercises with something to fix, in the order in which to take them."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model.result import ExerciseResult, Result
from grader.model.submission import Message
from grader.report.explained import likeliest
from grader.report.language import fill, text
from grader.report.stopped import named, stopped
from grader.report.texts import Texts, title

TODOS = 3


@dataclass(frozen=True, slots=True)
class Todo:
    """One exercise that has something to fix: the likeliest reason, and what it would bring.

    Titles are plain text, in which code stands in backticks.
    """

    number: int
    exercise: str
    what: str
    gain: str


def todo(result: Result, language: str, texts: Texts, *, lost: bool = False) -> tuple[Todo, ...]:
    """What to do first: exercises with something wrong, in their order, last those left untouched.

    With `lost`, points are not what a student can still get but what was lost.
    """
    open_ = [
        (exercise.status == "missing" and not _stopped(result, exercise), number, exercise)
        for number, exercise in enumerate(result.exercises, start=1)
        if exercise.status in ("failed", "partial", "missing")
    ]
    return tuple(
        Todo(
            number=number,
            exercise=title(exercise.title, exercise.id, language),
            what=_reason(result, exercise, language, texts),
            gain=_gain(exercise, language, "report.lost" if lost else "report.gain"),
        )
        for _, number, exercise in sorted(open_, key=lambda one: one[:2])[:TODOS]
    )


def _reason(result: Result, exercise: ExerciseResult, language: str, texts: Texts) -> str:
    stop = named(_stopped(result, exercise))
    if stop is not None:
        return text(stop, language)
    for diagnosis in likeliest(exercise):
        found = texts.get(diagnosis.id)
        if found is not None and found.title:
            return fill(found.title, diagnosis.params, language)
    if exercise.status == "missing":
        return text("exercise.missing", language)
    wrong = [check for check in exercise.checks if check.status in ("failed", "missing")]
    if not wrong:
        return text(f"exercise.{exercise.status}", language)
    return title(wrong[0].title, wrong[0].check, language)


def _stopped(result: Result, exercise: ExerciseResult) -> tuple[Message, ...]:
    return stopped(result, exercise, likeliest(exercise), checks=exercise.status != "missing")


def _gain(exercise: ExerciseResult, language: str, id: str) -> str:
    more = exercise.max_score - exercise.score
    return text(id, language, points=more) if more > 0 else ""
