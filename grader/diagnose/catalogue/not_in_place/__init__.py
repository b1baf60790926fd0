"""A new tensor was made where the one that is there was to be written to."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from grader.diagnose.code import Written, functions, written
from grader.diagnose.facts import Facts
from grader.diagnose.source import base
from grader.model.exercise import TensorCheck
from grader.model.result import Diagnosis
from grader.parsing import nodes_of

# What these give may be the tensor that they are called on, or a view of it.
_SHARING = frozenset(
    [
        *("as_tensor", "asarray", "contiguous", "cpu", "cuda", "detach", "double", "expand"),
        *("expand_as", "flatten", "float", "from_numpy", "half", "movedim", "narrow", "numpy"),
        *("permute", "ravel", "reshape", "reshape_as", "select", "squeeze", "swapaxes", "t"),
        *("to", "transpose", "type", "type_as", "unflatten", "unsqueeze", "view", "view_as"),
    ]
)

# Through these a tensor is written to and its writes are not counted.
_UNCOUNTED = frozenset(["data", "numpy", "storage", "untyped_storage"])


def match(facts: Facts) -> Diagnosis | None:
    """A tensor that was never written to, and the line that made it and gave it the name."""
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if finding.message.id != "check.tensor.must_be_in_place":
            continue
        cells = written(facts, until=finding.cell)
        made = _named(cells, check.value) if isinstance(check, TensorCheck) else None
        if isinstance(check, TensorCheck) and made is not None:
            params = {"name": check.value, "code": made}
            return Diagnosis("not-in-place", 0.93, (finding.check,), params)
    return None


def _named(cells: Sequence[Written], name: str) -> str | None:
    """The line that gave the name its tensor; None where that need not have been a new one."""
    own = frozenset(function.name for cell in cells for function in functions(cell.tree))
    if any(
        isinstance(node, ast.Attribute) and node.attr in _UNCOUNTED and base(node) == name
        for cell in cells
        for node in nodes_of(cell.tree)
    ):
        return None
    for cell in reversed(cells):
        found = [
            node
            for node in nodes_of(cell.tree)
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        ]
        if found:
            last = max(found, key=lambda node: node.lineno)
            return cell.line(last.lineno) if _is_new(last.value, own) else None
    return None


def _is_new(value: ast.expr, own: frozenset[str]) -> bool:
    """Whether an expression makes a tensor: arithmetic, or a call of what is no student's own."""
    if isinstance(value, ast.BinOp | ast.UnaryOp):
        return True
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
        return False
    method = value.func.attr
    return not method.endswith("_") and method not in _SHARING | own
