"""A mean where a sum was asked for: too small by the number of what was added."""

from __future__ import annotations

from grader.diagnose.arrays import array
from grader.diagnose.facts import Facts
from grader.diagnose.source import calls, helpers
from grader.diagnose.trials import Trial, by_check, counts, ratio, told
from grader.model.exercise import CallCheck, EventCheck, TensorCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """1/n of what is expected, n the number of elements, rows or parts."""
    mended = [t for repair in facts.repairs if repair.id == "mean-for-sum" for t in repair.trials]
    found: list[Trial] = []
    parts = {
        n
        for trial in facts.trials
        if all(event.api == "grad" for event in trial.here)
        for n in counts(trial)
        if n > 2
    }
    for id, group in by_check((*facts.trials, *facts.alone)).items():
        check = facts.checks.get(id)
        wrong = [trial for trial in group if not trial.right]
        if not wrong or not isinstance(check, TensorCheck | CallCheck):
            continue
        ratios = [ratio(trial) for trial in wrong]
        if not all(
            r is not None and _is_share(r, t, parts) for r, t in zip(ratios, wrong, strict=True)
        ):
            continue
        code = helpers(facts.code, facts.code.answer(check))
        cell = facts.code.trees(check.cell)
        if (
            "mean" in calls(*code, *cell, *facts.code.trees())
            or len({round(1 / r) for r in ratios if r}) > 1
        ):
            found += wrong
    events = _weights(facts)
    shown = (*found, *mended)
    if not shown and not events:
        return None
    if not shown:
        actual, expected, id = events[0]
        params: dict[str, str | int | float] = {
            "value": "v",
            "actual": actual,
            "expected": expected,
            "places": 1,
        }
        count = round(expected / actual)
        return Diagnosis("mean-for-sum", 0.95, (id,), params | {"count": count})
    factor = ratio(found[0]) if found else None
    named = told("mean-for-sum", 0.95, shown, count=round(1 / factor) if factor else "n")
    if named is None or not events:
        return named
    ids = (*named.checks, *(id for _, _, id in events))
    return Diagnosis(named.id, named.confidence, tuple(dict.fromkeys(ids)), named.params)


def _weights(facts: Facts) -> list[tuple[float, float, str]]:
    """Arguments of passes that are the mean of something whose sum was wanted."""
    found = []
    for pair in facts.pairs():
        check = facts.checks.get(pair.finding.check)
        if not isinstance(check, EventCheck) or pair.actual.size != 1 or not pair.actual.any():
            continue
        factor = float(pair.actual[0] / pair.expected[0]) if pair.expected.any() else 0.0
        sizes = {one.size for v in facts.names().values() if (one := array(v)) is not None} - {1}
        if "mean" in calls(*facts.code.trees()) and any(
            abs(factor * n - 1) < 1e-3 for n in sizes if n
        ):
            found.append((float(pair.actual[0]), float(pair.expected[0]), pair.finding.check))
    return found


def _is_share(factor: float, trial: Trial, parts: set[int]) -> bool:
    return 0 < factor < 0.7 and any(abs(factor * n - 1) < 1e-3 for n in (*counts(trial), *parts))
