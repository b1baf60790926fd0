"""Whether what held in the run holds with other inputs too: the answer must follow them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from grader.check.outcome import Outcome
from grader.check.plan import vary_id
from grader.check.view import View, varied
from grader.model.exercise import Exercise
from grader.model.observation import Capture, Variation
from grader.model.submission import Message


def planned(exercise: Exercise, capture: Capture) -> Iterator[Variation | None]:
    """The variations that were planned; None for one that the capture does not have."""
    for time in range(exercise.vary.times if exercise.vary is not None else 0):
        id = vary_id(exercise.id, time)
        yield next(
            (v for v in capture.variations if v.id == id and v.exercise == exercise.id), None
        )


def views(run: View, capture: Capture) -> Iterator[View]:
    """A view of each variation that ran to its end."""
    for variation in planned(run.exercise, capture):
        if variation is not None and variation.status == "ok":
            yield varied(run, variation)


def hold(
    run: View, capture: Capture, outcome: Outcome, again: Callable[[View], Outcome]
) -> Outcome:
    """`outcome`, which passed, if the check (`again`) passes in every variation; else why not."""
    if run.own_names:
        return replace(outcome, status="missing", message=Message("check.vary.impossible"))
    worst = outcome
    for variation in planned(run.exercise, capture):
        if variation is None:
            message = Message("check.not_asked", {"what": "vary"})
            return replace(outcome, status="needs_rerun", message=message)
        if variation.status != "ok":
            message = Message("check.vary.failed", {"status": variation.status})
            return replace(outcome, status="failed", message=message)
        judged = again(varied(run, variation))
        if judged.status == "undecidable":
            worst = judged
        elif not judged.passed:
            return _rejected(judged)
    return worst


def _rejected(judged: Outcome) -> Outcome:
    """What a check that failed in a variation says."""
    if judged.status == "error":
        return judged
    said = judged.message
    if "type" in said.params and "text" in said.params:
        params = {name: said.params[name] for name in ("type", "text")}
        message = Message("check.vary.raised", params)
    elif said.id == "check.vary.rebound":
        message = said
    else:
        message = Message("check.vary.differs", {"value": said.params.get("value", "")})
    return replace(judged, status="failed", message=message)
