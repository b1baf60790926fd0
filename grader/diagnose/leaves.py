"""Leaves and results among the student's names."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from grader.diagnose.code import (
    Origin,
    assigned,
    called,
    calls,
    changed,
    defined,
    origins,
    read,
    renewed,
    written,
)
from grader.diagnose.facts import Facts, root
from grader.model.result import Finding
from grader.model.value import Value
from grader.parsing import nodes_of, parse


def results(facts: Facts, cell: int) -> tuple[str, ...]:
    """Names that the student's code gave, up to a cell, to results of recorded operations."""
    names = facts.names(cell)
    given = {
        name
        for one in written(facts, until=cell)
        for step in assigned(one.tree)
        for name in step.names
    }
    return tuple(n for n in sorted(given) if n in names and is_result(names[n]))


def is_result(value: Value) -> bool:
    """Whether the value is a tensor that recorded operations computed."""
    return value.kind == "tensor" and value.requires_grad and not value.leaf


def made(facts: Facts, finding: Finding) -> tuple[Origin, ...]:
    """How the judged value came about, by the student's source: the value, then what it is of."""
    cells = written(facts, until=finding.cell)
    if finding.cell is None or not cells:
        return ()
    try:
        value = parse(facts.called(finding), mode="eval").body
    except SyntaxError:
        return ()
    return origins(cells, value, len(cells[-1].source.splitlines()) + 1)


def started_from(facts: Facts, function: str, line: int | None) -> str | None:
    """The leaf from which a pass starts in that line of a student's function, if it is one."""
    found = defined(written(facts), function)
    for call in calls(found[1], "backward") if found is not None else ():
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if not isinstance(owner, ast.Name) or found is None:
            continue
        if line is None or not call.lineno <= line <= (call.end_lineno or call.lineno):
            continue
        steps = [s for s in assigned(found[1]) if owner.id in s.names and s.line < call.lineno]
        if steps and renewed(Origin(found[0], steps[-1].value, owner.id, steps[-1].line, True)):
            return owner.id
    return None


@dataclass(frozen=True, slots=True)
class Owner:
    """The tensor whose `.grad` a value was read from, as it was after the cell."""

    name: str
    value: Value


def owner(facts: Facts, finding: Finding) -> Owner | None:
    """The tensor from whose `.grad` a value that is None was read."""
    if finding.message.id != "check.value.none" or finding.cell is None:
        return None
    names = facts.names(finding.cell)
    for step in made(facts, finding):
        for node in nodes_of(step.value):
            if isinstance(node, ast.Attribute) and node.attr == "grad":
                name = node.value.id if isinstance(node.value, ast.Name) else ""
                if name in names and names[name].kind == "tensor":
                    return Owner(name, names[name])
    return None


def retained(facts: Facts, name: str, cell: int | None) -> bool:
    """Whether a tensor was told to keep its gradient, by its name or in a loop, before a pass."""
    told = False
    for one in written(facts, until=cell):
        loops = (n for n in nodes_of(one.tree) if isinstance(n, ast.For | ast.comprehension))
        targets = (n for loop in loops for n in nodes_of(loop.target))
        meant = {name} | {n.id for n in targets if isinstance(n, ast.Name)}
        for call in calls(one.tree, "retain_grad", "backward"):
            if told and called(call, "backward"):
                return True
            if called(call, "retain_grad") and isinstance(call.func, ast.Attribute):
                told = told or bool(read(call.func.value) & meant)
    return False


def changed_in(facts: Facts, cell: int, line: int | None) -> bool:
    """Whether that line changes a leaf itself in place, or an element of it."""
    names = facts.names(cell)
    here = [
        name
        for one in written(facts)
        if one.cell == cell
        for at, name in changed(one.tree)
        if at == line
    ]
    return any(name in names and names[name].leaf and names[name].requires_grad for name in here)


def zeros_for_none(facts: Facts, finding: Finding) -> bool:
    """Whether the value is zero in all places where None is right."""
    value = facts.names(finding.cell).get(root(facts.called(finding)))
    wanted = finding.message.id == "check.tensor.must_be_none"
    return wanted and value is not None and value.data is not None and not value.data.any()


def cleared_in(facts: Facts, cell: int | None) -> bool:
    """Whether the student's code calls `zero_grad` in that cell."""
    return any(any(calls(one.tree, "zero_grad")) for one in written(facts) if one.cell == cell)
