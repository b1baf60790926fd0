"""The right numbers in another arrangement, a part of them, or terms that were not added up."""

from __future__ import annotations

import numpy as np

from grader.diagnose.arrays import Array, alike, short
from grader.diagnose.facts import Facts
from grader.diagnose.trials import Trial, told
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Another shape than asked for, with numbers that are related to the expected ones or not."""
    found = [t for t in facts.trials if t.actual.shape != t.expected.shape and t.actual.size > 1]
    related = [trial for trial in found if _related(trial)]
    shapes = [f for f in facts.wrong if f.message.id == "check.value.shape"]
    if related:
        first = related[0]
        return told(
            "wrong-shape",
            0.85,
            related,
            got=str(first.actual.shape),
            wanted=str(first.expected.shape),
        )
    if not shapes:
        return None
    params = shapes[0].message.params
    return Diagnosis(
        "wrong-shape",
        0.6,
        tuple(finding.check for finding in shapes),
        {
            "value": params.get("value", ""),
            "got": params.get("actual", ""),
            "wanted": params.get("expected", ""),
            "actual": short(found[0].actual) if found else "…",
            "expected": short(found[0].expected) if found else "…",
        },
    )


def _related(trial: Trial) -> bool:
    """The same numbers, a part of them, or terms whose sum or mean is right."""
    actual, expected = trial.actual, trial.expected
    if actual.size == expected.size and alike(np.sort(actual.ravel()), np.sort(expected.ravel())):
        return True
    if 1 < actual.size < expected.size:
        flat, part = expected.ravel(), actual.ravel()
        return any(
            alike(flat[start : start + part.size], part)
            for start in range(flat.size - part.size + 1)
        )
    return any(alike(one, expected) for one in _added(trial))


def _added(trial: Trial) -> list[Array]:
    actual = trial.actual
    made = [actual.sum(), actual.mean()]
    made += [actual.sum(axis) for axis in range(actual.ndim)]
    made += [(actual * one).sum() for one in trial.inputs.values() if one.shape == actual.shape]
    return [np.asarray(one) for one in made]
