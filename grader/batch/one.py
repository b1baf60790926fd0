"""One content, graded: once, or again where something other than the submission may be to blame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.errors import SubmissionError
from grader.model.exercise import Assignment
from grader.model.observation import Capture, RunInfo
from grader.model.record import Observed
from grader.model.result import ExerciseResult, Result
from grader.model.submission import Message, Submission
from grader.pipeline import Graded, judge

_LONGEST_FAULT = 1000
_MOST_RUNS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What came of a content, nobody's yet: `reason` says why a file cannot be graded at all.

    `fault` is what went wrong with the grader; then nothing was observed, or not all was judged.
    """

    result: Result
    observed: Observed | None
    reason: Message | None = None
    fault: str | None = None


def judged(
    run: Callable[[], Graded], assignment: Assignment, seed: int, language: str | None
) -> Judged:
    """Grade by `run`, again where a fault or a crash need not repeat; the last one stands.

    A fault is looked at twice. A crash counts where two runs in a row crashed at the same places,
    or in a third run: a kernel, or a process around it, may have been killed by something outside,
    more than once; a submission that crashes by itself does so again.
    """
    outcome = _once(run, assignment, seed, language)
    for _ in range(_MOST_RUNS - 1):
        doubt = _doubt(outcome)
        if not doubt:
            break
        outcome = _once(run, assignment, seed, language)
        if _doubt(outcome) == doubt:
            break
    return outcome


def _doubt(outcome: Judged) -> frozenset[str]:
    """What need not repeat: a fault of the grader, else where processes ended before their time."""
    if outcome.fault is not None:
        return frozenset({"fault"})
    observed = outcome.observed
    return observed.capture.ended("crashed", "out_of_memory") if observed else frozenset()


def _once(
    run: Callable[[], Graded], assignment: Assignment, seed: int, language: str | None
) -> Judged:
    try:
        graded = run()
    except SubmissionError as error:
        reason = Message(error.message_id, error.params)
        return _refused(assignment, seed, language, reason)
    except Exception as error:  # a fault of ours, whatever it is, is never a student's zero
        return not_graded(assignment, seed, language, error)
    observed = Observed(graded.submission, graded.capture, graded.answers)
    fault = graded.result.reason if graded.result.status == "not_graded" else None
    return Judged(graded.result, observed, fault=fault)


def _refused(assignment: Assignment, seed: int, language: str | None, reason: Message) -> Judged:
    """Nothing was observed, which earns nothing; the result says why."""
    submission = Submission(cells=(), language=language or "en", notices=(reason,))
    capture = Capture(seed, RunInfo("refused"))
    graded = judge(assignment, submission, capture, {}, student=None, language=language)
    return Judged(graded.result, Observed(submission, capture), reason=reason)


def not_graded(
    assignment: Assignment, seed: int, language: str | None, error: BaseException
) -> Judged:
    """A result that is open until a person marks it, or until the grader can."""
    fault = f"{type(error).__name__}: {error}"[:_LONGEST_FAULT]
    exercises = tuple(
        ExerciseResult(
            id=exercise.id,
            title=exercise.title,
            score=0.0,
            max_score=sum(check.points for check in exercise.checks),
            status="not_graded",
            checks=(),
        )
        for exercise in assignment.exercises
    )
    result = Result(
        assignment=assignment.id,
        spec_hash=assignment.spec_hash,
        released_hash=None,
        student=None,
        language=language or "en",
        seed=seed,
        audience="instructor",
        as_of=None,
        status="not_graded",
        reason=fault,
        score=0.0,
        max_score=sum(exercise.max_score for exercise in exercises),
        exercises=exercises,
        run=RunInfo("crashed"),
    )
    return Judged(result, None, fault=fault)
