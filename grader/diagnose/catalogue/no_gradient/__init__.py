"""There is no gradient: no pass was made, the tensor is no leaf, or `backward()` was assigned."""

from __future__ import annotations

from grader.diagnose.facts import Facts, root
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis, Finding


def match(facts: Facts) -> Diagnosis | None:
    """A value that should be a gradient is None, and a reason for that is to be seen."""
    found = [f for f in facts.wrong if _is_none(facts, f)]
    names = [name for f in found if (name := _name(facts, f))]
    worked = [one for one in facts.passes() if one.event.error is None]
    if found and (not worked or _not_leaf(facts, found[0]) or _assigned(facts)):
        params = {"value": names[0] if names else facts.called(found[0])}
        return Diagnosis("no-gradient", 0.8, tuple(f.check for f in found), params)
    return _never(facts)


def _is_none(facts: Facts, finding: Finding) -> bool:
    check = facts.checks.get(finding.check)
    return (
        isinstance(check, TensorCheck)
        and finding.message.id == "check.value.none"
        and facts.about_gradient(finding)
    )


def _name(facts: Facts, finding: Finding) -> str:
    return facts.called(finding)


def _not_leaf(facts: Facts, finding: Finding) -> bool:
    value = facts.names(finding.cell).get(root(facts.called(finding)))
    return value is not None and value.kind == "tensor" and not value.leaf


def _assigned(facts: Facts) -> bool:
    """Whether `backward()`, which returns None, stands on the right of an assignment."""
    return any(
        "=" in (before := line.split(".backward(")[0]) and "(" not in before.split("=")[0]
        for source in facts.sources()
        for line in source.splitlines()
        if ".backward(" in line
    )


def _never(facts: Facts) -> Diagnosis | None:
    """No pass at all, and the answers to gradient checks are None in the end."""
    none = [f for f in facts.wrong if f.message.id == "check.event.none"]
    if facts.passes() or not none:
        return None
    names = facts.names()
    for check in facts.exercise.checks:
        if not isinstance(check, TensorCheck):
            continue
        value = names.get(root(check.value))
        if value is not None and value.kind == "tensor":
            value = value.grad if check.value.endswith(".grad") else value
            if value is None:
                return _unmade(none, check.value)
        elif (
            value is not None
            and value.kind == "none"
            and any("grad" in source for source in facts.sources())
        ):
            return _unmade(none, check.value)
    return None


def _reads_grad(facts: Facts) -> bool:
    return any(".grad" in source for source in facts.sources())


def _unmade(none: list[Finding], value: str) -> Diagnosis:
    return Diagnosis("no-gradient", 0.75, tuple(f.check for f in none), {"value": value})
