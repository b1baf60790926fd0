"""A function computes with a name of the notebook, not with its parameter."""

from __future__ import annotations

from grader.diagnose.code import assigned, defined, parameters, read, written
from grader.diagnose.facts import Facts
from grader.model.exercise import CallCheck
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """A function that is wrong for other inputs never reads one of its parameters."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        found = defined(written(facts), check.function) if isinstance(check, CallCheck) else None
        if found is None or not isinstance(check, CallCheck):
            continue
        used = frozenset(name for node in found[1].body for name in read(node))
        local = {name for step in assigned(found[1]) for name in step.names}
        unread = [name for name in parameters(found[1]) if name not in used]
        names = facts.names(found[0].cell)
        local |= set(parameters(found[1]))
        said = str(finding.message.params.get("text", ""))
        local -= {name for name in local if f"local variable '{name}'" in said}
        outside = [n for n in sorted(used - local) if n in names and names[n].kind == "tensor"]
        if unread and outside:
            params = {"function": check.function, "parameter": unread[0], "name": outside[0]}
            return Diagnosis("global-for-parameter", 0.93, (finding.check,), params)
    return None
