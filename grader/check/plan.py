"""Draws what is asked of a kernel after its run is sealed: hidden inputs and varied inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from grader.check.call import call_id
from grader.check.draws import draw
from grader.check.view import grouped
from grader.model.exercise import (
    CallCheck,
    Check,
    ChoiceCheck,
    EventCheck,
    Exercise,
    SourceCheck,
)
from grader.model.plan import Call, CallPlan, Rerun
from grader.model.submission import Submission

# An odd number of weights, so that they do not line up with the axes of a result; eighths between
# 1/2 and 2 are exact in every dtype down to float8.
_WEIGHTS = 13


def rng(seed: int, exercise: str) -> np.random.Generator:
    """The generator of one exercise: the same whatever other exercises there are."""
    digest = hashlib.sha256(f"{seed}:{exercise}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def vary_id(exercise: str, time: int) -> str:
    """The id of one rerun in the plan."""
    return f"{exercise}/vary/{time}"


def varies(exercise: Exercise) -> bool:
    """Whether some check must hold with other inputs too."""
    return exercise.vary is not None and any(check.vary for check in exercise.checks)


def concerns(exercise: Exercise, check: Check) -> bool:
    """Whether the check looks at anything that a variation of the inputs could change."""
    fixed = isinstance(check, (CallCheck, SourceCheck, ChoiceCheck))
    return check.vary and exercise.vary is not None and not fixed


def _last(exercise: Exercise, varied: str, present: Mapping[str, tuple[int, ...]]) -> int | None:
    """The last cell that a variation is looked at in: what follows need not be run again."""
    wanted: list[str | None] = [varied]
    for check in exercise.checks:
        if not concerns(exercise, check):
            continue
        cell = getattr(check, "cell", None)
        events = [check.event] if isinstance(check, EventCheck) else []
        for role in (*exercise.roles.values(), *check.roles.values()):
            wanted += [role.cell or cell] if role.event is None else []
            events += [role.event] if role.event is not None else []
        wanted += [exercise.events[name].cell for name in events if name in exercise.events]
        wanted += [cell] if not isinstance(check, EventCheck) else []
    if None in wanted:
        return None
    return max(present[name][-1] for name in wanted if name is not None and name in present)


def plan(exercise: Exercise, submission: Submission, rng: np.random.Generator) -> CallPlan:
    """Everything that is asked. All is drawn, so that a cell that is absent shifts no draw."""
    calls: list[Call] = []
    reruns: list[Rerun] = []
    present = grouped(exercise, submission)
    for check in exercise.checks:
        if not isinstance(check, CallCheck):
            continue
        for case, inputs in enumerate(check.inputs):
            values = {name: draw(how, rng) for name, how in inputs.items()}
            signs = rng.choice([-1.0, 1.0], _WEIGHTS)
            weights = tuple((rng.integers(4, 17, _WEIGHTS) / 8 * signs).tolist())
            if check.cell in present:
                calls.append(
                    Call(
                        call_id(exercise.id, check.id, case),
                        exercise.id,
                        check.function,
                        values,
                        weights if check.gradients else (),
                    )
                )
    if exercise.vary is not None and varies(exercise):
        names = exercise.vary.names.items()
        first = {n: int(rng.integers(len(how.values))) for n, how in names if how.values}
        for time in range(exercise.vary.times):
            turns = {name: at + time for name, at in first.items()}
            varied = {name: draw(how, rng, turns.get(name)) for name, how in names}
            if exercise.vary.cell in present:
                id = vary_id(exercise.id, time)
                until = _last(exercise, exercise.vary.cell, present)
                reruns.append(Rerun(id, exercise.id, exercise.vary.cell, varied, until))
    return CallPlan() if submission.own_names else CallPlan(tuple(calls), tuple(reruns))
