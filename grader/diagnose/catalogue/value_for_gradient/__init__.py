"""The function's value, or its input, where its gradient was asked for."""

from __future__ import annotations

from grader.diagnose.facts import Facts, Pair, close, flat, root
from grader.model.exercise import CallCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """The answer is the very value of a tensor that is part of a graph."""
    for pair in facts.pairs():
        if not facts.about_gradient(pair.finding):
            continue
        name = _name(facts, pair)
        if name is not None:
            return Diagnosis(
                "value-for-gradient",
                0.85,
                (pair.finding.check,),
                {"name": name, "value": facts.called(pair.finding), **pair.numbers()},
            )
    return _returned(facts)


def _name(facts: Facts, pair: Pair) -> str | None:
    own = root(facts.called(pair.finding))
    for name, value in facts.names(pair.finding.cell).items():
        taken = value.kind == "tensor" and value.requires_grad and name != own
        if taken and close(flat(value), pair.actual) and not close(flat(value), pair.expected):
            return name
    return None


def _returned(facts: Facts) -> Diagnosis | None:
    """A function for a gradient returned something that itself has a `grad_fn`."""
    for pair in facts.pairs():
        check = facts.checks.get(pair.finding.check)
        if not isinstance(check, CallCheck) or not facts.about_gradient(pair.finding):
            continue
        prefix = f"{facts.exercise.id}/{check.id}/"
        answers = [c.returned for id, c in facts.capture.calls.items() if id.startswith(prefix)]
        if any(value is not None and value.grad_fn for value in answers):
            called = f"{check.function}(…)"
            params = {"name": called, "value": called, **pair.numbers()}
            return Diagnosis("value-for-gradient", 0.6, (check.id,), params)
    return None
