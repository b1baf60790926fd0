"""A result was made by PyTorch's own operation, not by the student's function."""

from __future__ import annotations

from grader.diagnose.code import own_functions, written
from grader.diagnose.facts import Facts, root
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Another node than that of a class which the student wrote."""
    classes = [name for cell in written(facts) for name in own_functions(cell.tree)]
    for finding in facts.wrong:
        value = facts.names(finding.cell).get(root(facts.called(finding)))
        if finding.message.id != "check.tensor.grad_fn" or value is None or not classes:
            continue
        if value.grad_fn is not None:
            params = {
                "value": facts.called(finding),
                "node": value.grad_fn,
                "name": classes[-1],
            }
            return Diagnosis("own-function-not-used", 0.92, (finding.check,), params)
    return None
