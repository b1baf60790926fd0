"""The trials of an exercise: each answer of a check that did not pass, in the run, in every
variation and in every call, beside what the reference answered there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from grader.diagnose.arrays import Array, array, fitted
from grader.diagnose.scenes import Scene, follow, scenes
from grader.diagnose.trials import Trial
from grader.model.exercise import CallCheck, Exercise, TensorCheck
from grader.model.expectation import Expectation
from grader.model.observation import Capture
from grader.model.result import Finding
from grader.model.submission import Submission


def gather(
    exercise: Exercise,
    submission: Submission,
    capture: Capture,
    expectations: Mapping[str, Expectation],
    findings: tuple[Finding, ...],
) -> tuple[Trial, ...]:
    """Every trial of every check that did not pass and holds numbers against a reference."""
    open_ = {one.check for one in findings if one.status != "passed"}
    found: list[Trial] = []
    first: frozenset[str] = frozenset()
    absent: set[str] = set()
    for scene in scenes(exercise, submission, capture):
        expected = {
            check.id: wanted
            for check in exercise.checks
            if isinstance(check, TensorCheck)
            and (wanted := _wanted(scene, check, expectations)) is not None
        }
        known = {
            check.id
            for check in exercise.checks
            if isinstance(check, TensorCheck) and not _limited(exercise, check)
        }
        # The names of a fork are those of the whole run: what the run itself began with counts.
        first = first or frozenset(scene.inputs())
        inputs = {name: one for name, one in scene.inputs().items() if name in first}
        for check in exercise.checks:
            if not isinstance(check, TensorCheck) or check.id not in open_ or check.id in absent:
                continue
            if scene.label == "run" and _nowhere(scene, check):
                # A fork begins with all that the run ended with: what a later cell called by that
                # name is no answer to this check.
                absent.add(check.id)
            elif check.id in expected:
                trial = _named(scene, check, expected, known, inputs)
                if trial is not None:
                    found.append(trial)
    for check in exercise.checks:
        if isinstance(check, CallCheck) and check.id in open_:
            found += _called(exercise, check, capture, expectations)
    return tuple(found)


def _wanted(
    scene: Scene, check: TensorCheck, expectations: Mapping[str, Expectation]
) -> Array | None:
    if check.expect is None:
        if check.equals is None or scene.label != "run":
            return None
        return np.asarray(check.equals, np.float64)
    answer = expectations.get(f"{scene.exercise.id}|{scene.label}|{check.id}|value")
    return None if answer is None else array(answer.exact)


def _nowhere(scene: Scene, check: TensorCheck) -> bool:
    """Whether there was nothing by the answer's name when the check looked."""
    moment = scene.moment(check.cell)
    return moment is not None and follow(check.value, moment.names) is None


def _limited(exercise: Exercise, check: TensorCheck) -> bool:
    """Whether the reference looks at the answer itself, as it was when it was given."""
    roles = (exercise.roles.get(name) for name in exercise.functions.get(check.expect or "", ()))
    return any(
        role is not None and (role.cell, role.value) == (check.cell, check.value) for role in roles
    )


def _named(
    scene: Scene,
    check: TensorCheck,
    expected: Mapping[str, Array],
    known: set[str],
    inputs: Mapping[str, Array],
) -> Trial | None:
    moment = scene.moment(check.cell)
    if moment is None:
        return None
    value = follow(check.value, moment.names)
    actual = array(value)
    if actual is None or value is None:
        return None
    wanted = expected[check.id]
    group = scene.group(check.cell)
    here = scene.events(moment.cell, since=group[0] - 1)
    earlier = sorted(index for index in scene.cells if index < group[0])
    while not here and earlier:
        # A cell that only reads what the passes of the cell before it left.
        last = earlier.pop()
        here = scene.events(last, since=last - 1)
    return Trial(
        check=check.id,
        label=scene.label,
        actual=fitted(actual, wanted),
        expected=wanted,
        called=check.value,
        dtype=value.dtype,
        inputs=inputs,
        names=moment.names,
        passes=scene.events(moment.cell),
        here=here,
        siblings={id: one for id, one in expected.items() if id != check.id and id in known},
        limited=check.id not in known,
    )


def _called(
    exercise: Exercise,
    check: CallCheck,
    capture: Capture,
    expectations: Mapping[str, Expectation],
) -> Iterator[Trial]:
    for case in range(len(check.inputs)):
        call = capture.calls.get(f"{exercise.id}/{check.id}/{case}")
        if call is None or call.status != "ok":
            continue
        given = {name: array(value) for name, value in call.inputs.items()}
        inputs = {name: one for name, one in given.items() if one is not None}
        grads = {name: array(value.grad) for name, value in call.inputs.items()}
        returned = array(call.returned)
        key = f"{exercise.id}|run|{check.id}|{case}"
        answer = expectations.get(f"{key}/returned")
        wanted = None if answer is None else array(answer.exact)
        if returned is not None and wanted is not None:
            yield Trial(
                check=check.id,
                label=f"{check.id}/{case}",
                actual=fitted(returned, wanted),
                expected=wanted,
                called=f"{check.function}(…)",
                dtype=None if call.returned is None else call.returned.dtype,
                inputs=inputs,
                differentiated=bool(check.gradients),
                held={name: one for name, one in grads.items() if one is not None},
            )
        for name in check.gradients:
            answer = expectations.get(f"{key}/gradient/{name}")
            gradient, wanted = array(call.gradients.get(name)), None
            if answer is not None:
                wanted = array(answer.exact)
            if gradient is None or wanted is None or returned is None:
                continue
            weights = np.resize(np.asarray(call.cotangent or (1.0,)), returned.size)
            yield Trial(
                check=check.id,
                label=f"{check.id}/{case}/{name}",
                actual=gradient,
                expected=wanted,
                called=f"{check.function}(…)",
                inputs=inputs,
                result=returned,
                cotangent=weights.reshape(returned.shape),
            )
