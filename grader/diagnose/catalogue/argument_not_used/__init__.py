"""The weights went into the function, not into the argument of `backward`."""

from __future__ import annotations

from grader.diagnose.arrays import alike, short
from grader.diagnose.facts import Facts, numbers
from grader.diagnose.passes import given
from grader.model.exercise import EventCheck, TensorCheck
from grader.model.observation import Event
from grader.model.result import Diagnosis, Finding


def match(facts: Facts) -> Diagnosis | None:
    """A pass without an argument where one was asked for, and no gradient as if of ones."""
    found = [
        finding
        for finding in facts.findings
        if finding.status == "failed"
        and isinstance(check := facts.checks.get(finding.check), EventCheck)
        and check.gradient is not None
        and finding.message.params.get("value") == "gradient"
        and (events := _events(facts, finding))
        and all(gradient is None for event in events for gradient in event.gradients)
        and _weighted(facts, finding, events)
    ]
    if not found:
        return None
    shown = found[0].expected
    wanted = None if shown is None else numbers(shown)
    ids = tuple(finding.check for finding in found)
    params = {"wanted": "v" if wanted is None else short(wanted)}
    return Diagnosis("argument-not-used", 0.95, ids, params)


def _events(facts: Facts, finding: Finding) -> list[Event]:
    check = facts.checks[finding.check]
    selector = facts.exercise.events.get(check.event) if isinstance(check, EventCheck) else None
    cells = facts.scene.group(selector.cell) if selector is not None and selector.cell else ()
    return [p.event for p in facts.passes() if p.cell in cells and p.event.error is None]


def _weighted(facts: Facts, finding: Finding, events: list[Event]) -> bool:
    """Whether the gradients are right all the same, or at least not those of weights one."""
    waiting = [
        check.id
        for check in facts.exercise.checks
        if isinstance(check, TensorCheck) and (finding.check in check.needs or _same(facts, check))
    ]
    trials = [trial for trial in facts.trials if trial.check in waiting and trial.label == "run"]
    wanted = _number(finding)
    wrong = [t for t in trials if not t.right and finding.check in _needs(facts, t.check)]
    if not wrong:
        return bool(_right_gradients(facts, events))
    return all(wanted is None or not alike(t.actual * wanted, t.expected) for t in wrong)


def _same(facts: Facts, check: TensorCheck) -> bool:
    return facts.about_gradient_of(check.id)


def _needs(facts: Facts, id: str) -> tuple[str, ...]:
    return facts.checks[id].needs


def _right_gradients(facts: Facts, events: list[Event]) -> bool:
    """Whether gradients of that cell's passes are what checks that passed looked at."""
    passed = {f.check for f in facts.findings if f.status == "passed"}
    return any(given(event) for event in events) and any(
        isinstance(check, TensorCheck) and check.expect and facts.about_gradient_of(check.id)
        for check in facts.exercise.checks
        if check.id in passed
    )


def _number(finding: Finding) -> float | None:
    values = finding.expected.values if finding.expected is not None else ()
    return float(values[0]) if len(values) == 1 and isinstance(values[0], int | float) else None
