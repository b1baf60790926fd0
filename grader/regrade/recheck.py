"""One stored result under a corrected specification.

An exercise whose files are what they were, judged by this same version of the grader, keeps its
verdict; the others are judged again from the capture. What the run was never asked, because the
correction asks something else, becomes `needs_rerun`: no old answer stands for a new question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import grader
from grader import check
from grader.gradebook import Earlier
from grader.model.exercise import Assignment, Check, Exercise
from grader.model.observation import Capture
from grader.model.record import Observed
from grader.model.result import ExerciseResult, Finding, Result
from grader.model.submission import Message
from grader.pipeline import asked, judge_exercise
from grader.reference import ReferenceProcess
from grader.report import exercise_status, totals

_OPEN = frozenset({"error", "needs_rerun"})


def recheck(assignment: Assignment, references: ReferenceProcess, earlier: Earlier) -> Result:
    """The verdict of `assignment`, as it is now, about what an earlier run showed.

    Raises:
        InternalError: the capture cannot be read, or no reference answers.
    """
    before = earlier.result
    old = {exercise.id: exercise for exercise in before.exercises}
    standing = {
        exercise.id: old[exercise.id]
        for exercise in assignment.exercises
        if earlier.grader == grader.__version__ and _stands(exercise, old.get(exercise.id))
    }
    corrected = [each for each in assignment.exercises if each.id not in standing]
    judged = dict(standing)
    if corrected:
        observed = earlier.look([exercise.id for exercise in corrected])
        references.recall(observed.answers)
        for exercise in corrected:
            judged[exercise.id] = _again(exercise, old.get(exercise.id), observed, references)
    exercises = tuple(judged[exercise.id] for exercise in assignment.exercises)
    faults = [exercise.id for exercise in exercises if exercise.status == "not_graded"]
    return replace(
        before,
        spec_hash=assignment.spec_hash,
        status="not_graded" if faults else "graded",
        reason=", ".join(faults) or None,
        score=sum(exercise.score for exercise in exercises),
        max_score=sum(exercise.max_score for exercise in exercises),
        exercises=exercises,
    )


def _stands(exercise: Exercise, was: ExerciseResult | None) -> bool:
    """Whether judging again could only come to the same."""
    if was is None or not was.spec or was.spec != exercise.digest:
        return False
    return was.status != "not_graded" and not any(c.status in _OPEN for c in was.checks)


def _again(
    exercise: Exercise, was: ExerciseResult | None, observed: Observed, references: ReferenceProcess
) -> ExerciseResult:
    answered: Mapping[str, str] = was.asked if was is not None else {}
    now = asked(exercise)
    if answered.get("cells") != now["cells"]:
        return _unasked(exercise, answered)
    changed = {name for name, question in now.items() if answered.get(name) != question}
    capture = _without(observed.capture, exercise, changed)
    submission = observed.submission
    expectations = references.answer(check.requests(exercise, submission, capture))
    same = None if changed else was
    judged = judge_exercise(exercise, submission, capture, expectations, same)
    return replace(judged, asked=answered)


def _without(capture: Capture, exercise: Exercise, changed: set[str]) -> Capture:
    """The capture without answers to questions that are put otherwise now."""
    dropped = tuple(
        f"{exercise.id}/{name.removeprefix('call:')}/" for name in changed if name != "vary"
    )
    calls = {id: call for id, call in capture.calls.items() if not id.startswith(dropped)}
    variations = tuple(
        each for each in capture.variations
        if "vary" not in changed or each.exercise != exercise.id
    )  # fmt: skip
    return replace(capture, calls=calls, variations=variations)


def _unasked(exercise: Exercise, answered: Mapping[str, str]) -> ExerciseResult:
    """All of an exercise whose own cells are others than those that ran."""
    checks = tuple(_needs_rerun(each) for each in exercise.checks)
    score, max_score = totals(checks)
    return ExerciseResult(
        id=exercise.id,
        title=exercise.title,
        score=score,
        max_score=max_score,
        status=exercise_status(checks),
        checks=checks,
        spec=exercise.digest,
        asked=answered,
        parts=exercise.headings,
    )


def _needs_rerun(check: Check) -> Finding:
    return Finding(
        check=check.id,
        kind=check.kind,
        status="needs_rerun",
        score=0.0,
        max_score=check.points,
        visibility=check.visibility,
        message=Message("check.not_asked", {"what": check.id}),
        title=check.title,
    )
