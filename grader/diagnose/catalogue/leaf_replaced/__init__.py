"""A name was given to a new tensor where the leaf itself was to be changed."""

from __future__ import annotations

from collections.abc import Mapping

from grader.diagnose import unrecorded
from grader.diagnose.code import assigned, read, written
from grader.diagnose.facts import Facts
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis
from grader.model.value import Value

_LEAF = ("check.tensor.must_be_leaf", "check.tensor.must_require_grad")


def match(facts: Facts) -> Diagnosis | None:
    """A name that should be a leaf was assigned an expression of itself."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if isinstance(check, TensorCheck) and finding.message.id in _LEAF:
            before: Mapping[str, Value] = {}
            for cell in written(facts, locked=True, until=finding.cell):
                leaf = before.get(check.value)
                before = facts.names(cell.cell) or before
                for step in assigned(cell.tree) if _was_leaf(leaf) else ():
                    if check.value in step.names and check.value in read(step.value):
                        params = {"name": check.value, "code": cell.line(step.line)}
                        return Diagnosis("leaf-replaced", 0.95, (finding.check,), params)
    return unrecorded.diagnosed(facts, "leaf-replaced")


def _was_leaf(value: Value | None) -> bool:
    return value is not None and value.leaf and value.requires_grad
