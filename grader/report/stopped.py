"""Cells that did not run to their end, told in their exercise: where nothing else shown says it."""

from __future__ import annotations

from collections.abc import Iterable

from grader.model.result import Diagnosis, ExerciseResult, Result
from grader.model.submission import Message

STOPPED = "notice.stopped."
MOST = 3  # of one exercise: later ones follow from the first


def stopped(
    result: Result,
    exercise: ExerciseResult,
    diagnoses: Iterable[Diagnosis],
    *,
    checks: bool = True,
) -> tuple[Message, ...]:
    """What stopped in `exercise` and is not said by what is shown: `diagnoses`, and its `checks`.

    An error is said where a check quotes it, and where a diagnosis speaks of its line.
    """
    named = {diagnosis.params.get("code") for diagnosis in diagnoses}
    found = [
        notice
        for notice in result.notices
        if notice.id.startswith(STOPPED)
        and notice.params["exercise"] == exercise.id
        and not (
            notice.id == f"{STOPPED}error"
            and (notice.params["code"] in named or (checks and _quoted(notice, exercise)))
        )
    ]
    return tuple(found[:MOST])


def of_the_whole(result: Result) -> tuple[Message, ...]:
    """The notices that are not told in an exercise."""
    return tuple(n for n in result.notices if not n.id.startswith(STOPPED))


def named(stops: Iterable[Message]) -> str | None:
    """The message that names the first of `stops` in a few words; None where there is none."""
    first = next(iter(stops), None)
    return None if first is None else f"stopped.{first.id.removeprefix(STOPPED)}"


def _quoted(notice: Message, exercise: ExerciseResult) -> bool:
    said = str(notice.params["error"])
    return any(
        check.cell == notice.params["index"]
        and check.status != "passed"
        and str(check.message.params.get("type", "?")) == said.split(":", maxsplit=1)[0]
        for check in exercise.checks
    )
