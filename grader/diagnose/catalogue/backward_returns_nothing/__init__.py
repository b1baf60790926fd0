"""What `backward()` returns was printed, or returned by a function."""

from __future__ import annotations

import ast

from grader.diagnose import leaves
from grader.diagnose.code import called, calls, defined, written
from grader.diagnose.facts import Facts
from grader.model.result import Diagnosis, Finding
from grader.parsing import nodes_of


def match(facts: Facts) -> Diagnosis | None:
    """A function returned None because it returns `….backward()`; or that None was printed."""
    for finding in facts.wrong:
        found = defined(written(facts), str(finding.message.params.get("function")))
        if finding.message.id == "check.call.returned_none" and found is not None:
            cell, function = found
            for node in nodes_of(function):
                if isinstance(node, ast.Return) and called(node.value or node, "backward"):
                    return _named(0.93, (finding.check,), cell.line(node.lineno))
        if finding.message.id == "check.tensor.must_be_none" and "return" in finding.check:
            for step in leaves.made(facts, finding):
                if isinstance(step.value, ast.Attribute) and step.value.attr == "grad":
                    return _named(0.93, (finding.check,), step.cell.line(step.line))
    for cell in written(facts):
        none = [f.check for f in facts.wrong if f.cell == cell.cell and _none(f)]
        for call in calls(cell.tree, "print"):
            if none and any(called(argument, "backward") for argument in call.args):
                return _named(0.6, tuple(none), cell.line(call.lineno))
    return None


def _none(finding: Finding) -> bool:
    return finding.message.id in (
        "check.value.none",
        "check.value.absent",
        "check.value.placeholder",
    )


def _named(confidence: float, checks: tuple[str, ...], code: str) -> Diagnosis:
    return Diagnosis("backward-returns-nothing", confidence, checks, {"code": code})
