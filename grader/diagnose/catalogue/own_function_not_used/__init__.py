"""A result was made by PyTorch's own operation, not by the student's function."""

from __future__ import annotations

from grader.diagnose.code import own_functions, written
from grader.diagnose.facts import Facts, root
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis, Finding


def match(facts: Facts) -> Diagnosis | None:
    """Another node than that of a class which the student wrote, for the same numbers."""
    classes = [name for cell in written(facts) for name in own_functions(cell.tree)]
    for finding in facts.wrong:
        value = facts.names(finding.cell).get(root(facts.called(finding)))
        if finding.message.id != "check.tensor.grad_fn" or value is None or not classes:
            continue
        own = {f"{name}Backward" for name in classes}
        if _wrong_elsewhere(facts, finding) or own & (_nodes(facts, finding) | {value.grad_fn}):
            continue
        if value.grad_fn is not None:
            params = {
                "value": facts.called(finding),
                "node": value.grad_fn,
                "name": classes[-1],
            }
            return Diagnosis("own-function-not-used", 0.92, (finding.check,), params)
    return None


def _wrong_elsewhere(facts: Facts, finding: Finding) -> bool:
    """Whether the same value has other numbers than were asked for: then something was added."""
    asked = facts.called(finding)
    return any(
        other.check != finding.check
        and other.cell == finding.cell
        and isinstance(check := facts.checks.get(other.check), TensorCheck)
        and check.value == asked
        for other in facts.wrong
    )


def _nodes(facts: Facts, finding: Finding) -> set[str | None]:
    """The nodes that passes of that cell went through."""
    passes = (made.event for made in facts.passes() if made.cell == finding.cell)
    return {node.name for event in passes for node in event.nodes}
