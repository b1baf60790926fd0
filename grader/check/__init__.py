"""Judges what a run showed against what an exercise asks. Pure functions, no torch.

rng(seed, exercise.id)                                   the generator to draw with
plan(exercise, submission, rng)                          what the kernel is asked
requests(exercise, submission, capture)                  what the reference is asked
judge(exercise, submission, capture, expectations)       one finding a check, in order
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

from grader.check import call, choice, event, figure, source, tensor, vary
from grader.check.messages import MESSAGES
from grader.check.outcome import Answers, Outcome, coarse
from grader.check.plan import concerns, plan, rng
from grader.check.view import View, sealed
from grader.model.exercise import Check, Exercise
from grader.model.expectation import Expectation, Request
from grader.model.observation import Capture
from grader.model.result import Finding
from grader.model.submission import Message, Submission

__all__ = ["MESSAGES", "judge", "plan", "requests", "rng"]

_KINDS: Mapping[str, ModuleType] = {
    "tensor": tensor,
    "call": call,
    "event": event,
    "figure": figure,
    "source": source,
    "choice": choice,
}


def requests(exercise: Exercise, submission: Submission, capture: Capture) -> tuple[Request, ...]:
    """Every run of a reference function that `judge` will want the answer of."""
    run = sealed(exercise, submission, capture)
    asked = {request.key: request for check in exercise.checks for request in _ask(run, check)}
    for view in vary.views(run, capture):
        for check in exercise.checks:
            if concerns(exercise, check):
                asked |= {request.key: request for request in _ask(view, check)}
    return tuple(asked.values())


def _ask(view: View, check: Check) -> tuple[Request, ...]:
    asked: tuple[Request, ...] = _KINDS[check.kind].requests(view, check)
    return asked


def judge(
    exercise: Exercise,
    submission: Submission,
    capture: Capture,
    expectations: Mapping[str, Expectation],
) -> tuple[Finding, ...]:
    """One finding a check, in the exercise's order."""
    run = sealed(exercise, submission, capture)
    broken = any(
        answer.on_drawn and key.startswith(f"{exercise.id}|")
        for key, answer in expectations.items()
    )
    outcomes: dict[str, Outcome] = {}
    waiting = list(exercise.checks)
    while waiting:
        ready = [c for c in waiting if all(need in outcomes for need in c.needs)]
        for check in ready:
            unmet = [need for need in check.needs if not outcomes[need].passed]
            if unmet:
                skipped = Message("check.skipped", {"needs": ", ".join(unmet)})
                outcomes[check.id] = Outcome("skipped", skipped)
            else:
                outcome = _outcome(run, check, capture, expectations)
                if broken and outcome.message.id == "check.reference.failed":
                    # It fails on our own inputs too: then these values are not to blame.
                    broke = Message("check.reference.broken", outcome.message.params)
                    outcome = replace(outcome, status="error", message=broke)
                outcomes[check.id] = outcome
        waiting = [c for c in waiting if c.id not in outcomes]
        if not ready:
            for check in waiting:  # needs in a circle, or of a check that does not exist
                params: dict[str, Any] = {"needs": ", ".join(check.needs)}
                outcomes[check.id] = Outcome("error", Message("check.needs", params))
            break
    return tuple(_finding(check, outcomes[check.id]) for check in exercise.checks)


def _outcome(run: View, check: Check, capture: Capture, answers: Answers) -> Outcome:
    """The check in the run and, where it must, in the variations."""
    outcome = _judged(run, check, answers)
    if outcome.passed and concerns(run.exercise, check):
        outcome = vary.hold(run, capture, outcome, lambda view: _judged(view, check, answers))
    return coarse(run.exercise, outcome)


def _judged(view: View, check: Check, answers: Answers) -> Outcome:
    outcome: Outcome = _KINDS[check.kind].judge(view, check, answers)
    return outcome


def _finding(check: Check, outcome: Outcome) -> Finding:
    return Finding(
        check=check.id,
        kind=check.kind,
        status=outcome.status,
        score=check.points if outcome.passed else 0.0,
        max_score=check.points,
        visibility=check.visibility,
        message=outcome.message,
        expected=outcome.expected,
        actual=outcome.actual,
        tolerance=outcome.tolerance,
        worst=outcome.worst,
        cell=outcome.cell,
        line=outcome.line,
        title=check.title,
        plotted=outcome.plotted,
    )
