"""Why a `.grad` is None, by the code that reads it, where the None itself was not kept.

A function that returned None, a function or a cell that stopped at a None: the block of code says
whether a pass was made at all, and whether the tensor that is read can be a leaf.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.diagnose import errors
from grader.diagnose.code import (
    Written,
    assigned,
    called,
    calls,
    defined,
    dotted,
    functions,
    made_leaf,
    read,
    shown,
    written,
)
from grader.diagnose.facts import Facts
from grader.model.exercise import CallCheck, TensorCheck
from grader.model.result import Finding
from grader.parsing import nodes_of

_STOPPED = "NoneType"
_CLEARED = ("zero_", "backward")


@dataclass(frozen=True, slots=True)
class Unfilled:
    """The misconception, the checks that it explains, and the tensor whose `.grad` is None."""

    id: str
    checks: tuple[str, ...]
    name: str
    node: str = ""


def found(facts: Facts, id: str) -> Unfilled | None:
    """The first such reading, if it is for the reason that `id` names."""
    first = next(_all(facts), None)
    return first if first is not None and first.id == id else None


def _all(facts: Facts) -> Iterator[Unfilled]:
    for cell in facts.cells():
        text = cell.error.text if cell.error is not None else ""
        here = next((one for one in written(facts) if one.cell == cell.cell), None)
        checks = facts.near(cell.cell)
        first = cell.cell == errors.first_stop(facts)
        if here is None or not checks or not first or not _is_none(text):
            continue
        if _none_is_right(facts, here, cell.error.line if cell.error is not None else None):
            continue
        tensors = {name: v for name, v in facts.names(cell.cell).items() if v.kind == "tensor"}
        results = {n: str(v.grad_fn) for n, v in tensors.items() if v.requires_grad and not v.leaf}
        made = any(e.api == "backward" for e in cell.events)
        if made and not results:
            yield from _cut_off(facts, here, checks)
        # Where one of the tensors that are read was filled, a pass was made.
        made = made or any(
            name in tensors and tensors[name].grad is not None for name in _read(here.tree.body)
        )
        yield from _why(here.tree.body, checks, made, results)
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if isinstance(check, CallCheck) and _none_came_out(finding):
            for _, function in _reached(facts, check.function):
                passes = any(
                    any(calls(inner, "backward")) for _, inner in _reached(facts, function.name)
                )
                yield from _why(function.body, (finding.check,), passes, _by_source(function))
    for finding in facts.wrong:
        yield from _zeros(facts, finding)


def _zeros(facts: Facts, finding: Finding) -> Iterator[Unfilled]:
    """A `.grad` still as it was cleared, after a pass that leaves it alone."""
    values = finding.actual.values if finding.actual is not None else ()
    cell = next((one for one in written(facts) if one.cell == finding.cell), None)
    if finding.status != "failed" or cell is None or not values or any(values):
        return
    passes = [one.event for one in facts.passes() if one.cell == finding.cell]
    if passes and all(event.api == "grad" for event in passes):
        for one in _why(cell.tree.body, (finding.check,), False, {}):
            if any(_thrown_away(cell.tree.body)):
                yield one


def _cut_off(facts: Facts, cell: Written, checks: tuple[str, ...]) -> Iterator[Unfilled]:
    """A leaf that a pass did not reach, for a copy without history was used in its place."""
    for name, value in facts.names(cell.cell).items():
        leaf = value.kind == "tensor" and value.requires_grad and value.leaf
        if not leaf or value.grad is not None:
            continue
        for call in calls(cell.tree, "detach", "item"):
            if dotted(call.func).startswith(f"{name}."):
                yield Unfilled("detached-early", checks, name, cell.line(call.lineno))


def _none_is_right(facts: Facts, cell: Written, line: int | None) -> bool:
    """Whether the line that stopped at a None answers a question whose answer is None."""
    checks = (one for one in facts.exercise.checks if isinstance(one, TensorCheck))
    asked = {check.value for check in checks if check.none}
    return any(
        asked & set(step.names) for step in assigned(cell.tree) if line is None or step.line == line
    )


def _read(block: list[ast.stmt]) -> Iterator[str]:
    """The names whose `.grad` a block reads."""
    for node in (n for statement in block for n in nodes_of(statement)):
        slope = isinstance(node, ast.Attribute) and node.attr == "grad" and not _module(node)
        if slope and isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield ast.unparse(node.value)


def _is_none(text: str) -> bool:
    return _STOPPED in text and not any(f"attribute '{name}'" in text for name in _CLEARED)


def _none_came_out(finding: Finding) -> bool:
    if finding.message.id == "check.call.raised":
        text = str(finding.message.params.get("text", ""))
        return "None" in text and (_STOPPED not in text or _is_none(text))
    return finding.message.id == "check.call.returned_none"


def _reached(facts: Facts, name: str) -> list[tuple[Written, ast.FunctionDef]]:
    """A function of the student's, and those of theirs that it calls."""
    cells = written(facts)
    known = {f.name for cell in cells for f in functions(cell.tree)}
    names, done = [name], []
    for one in names:
        pair = defined(cells, one)
        if pair is not None and isinstance(pair[1], ast.FunctionDef):
            done.append((pair[0], pair[1]))
            names += sorted((read(pair[1]) & known) - set(names))
    return done


def _why(
    block: list[ast.stmt], checks: tuple[str, ...], passes: bool, results: dict[str, str]
) -> Iterator[Unfilled]:
    """What a block says of each tensor whose `.grad` it reads."""
    thrown = any(_thrown_away(block))
    for node in (n for statement in block for n in nodes_of(statement)):
        if not isinstance(node, ast.Attribute) or node.attr != "grad" or _module(node):
            continue
        if not isinstance(node.ctx, ast.Load):
            continue
        name = ast.unparse(node.value)
        if called(node.value, "detach"):
            yield Unfilled("detached-early", checks, name, shown(ast.unparse(node)))
        elif thrown or not passes:
            yield Unfilled("no-gradient", checks, name)
        elif name in results:
            cloned = "clone" in results[name].lower()
            id = "gradient-of-a-clone" if cloned else "not-a-leaf"
            yield Unfilled(id, checks, name, results[name])


def _module(node: ast.Attribute) -> bool:
    return dotted(node).endswith(("autograd.grad", "func.grad"))


def _thrown_away(block: list[ast.stmt]) -> Iterator[ast.Expr]:
    """Statements that call `autograd.grad` and keep nothing of it."""
    for statement in block:
        for node in nodes_of(statement):
            if isinstance(node, ast.Expr) and called(node.value, "autograd.grad"):
                yield node


def _by_source(function: ast.FunctionDef) -> dict[str, str]:
    """Names in a function that hold results, with the operation that made each."""
    made: dict[str, str] = {}
    for node in nodes_of(function):
        if not isinstance(node, ast.Assign):
            continue
        value = node.value
        if isinstance(value, ast.GeneratorExp | ast.ListComp):
            value = value.elt
        operation = _operation(value)
        below = [n for target in node.targets for n in nodes_of(target)]
        names = [n.id for n in below if isinstance(n, ast.Name)]
        made |= dict.fromkeys(names, operation) if operation else {}
    return made


def _operation(value: ast.expr) -> str:
    """The operation whose result the expression is, although a leaf or an input stands in it.

    `x.requires_grad_().clone()`, and `x.clone().requires_grad_()` without `detach()`.
    """
    while isinstance(value, ast.Call) and called(value, "requires_grad_"):
        if not isinstance(value.func, ast.Attribute):
            return ""
        value = value.func.value
        if any(_cuts(node) for node in nodes_of(value)):
            return ""
        return _method(value)
    inner = [node for node in nodes_of(value) if node is not value and made_leaf(node)]
    return _method(value) if inner and not _cuts(value) else ""


def _method(value: ast.expr) -> str:
    function = value.func if isinstance(value, ast.Call) else None
    return f"`{function.attr}()`" if isinstance(function, ast.Attribute) else ""


def _cuts(node: ast.AST) -> bool:
    return called(node, "detach", "tensor", "item") or (
        isinstance(node, ast.Attribute) and node.attr == "data"
    )
