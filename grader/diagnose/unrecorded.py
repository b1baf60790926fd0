"""Why a result is not connected to its input: one question, answered for several misconceptions.

A pass that PyTorch refuses ("does not require grad"), a leaf that a pass does not reach and a
function without a gradient look the same from outside; the source says which step cut the graph.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader.diagnose import errors, leaves
from grader.diagnose.code import (
    Function,
    Origin,
    Written,
    assigned,
    called,
    calls,
    defined,
    dotted,
    functions,
    made_leaf,
    origins,
    parameters,
    read,
    renewed,
    written,
)
from grader.diagnose.facts import Facts
from grader.model.exercise import CallCheck, EventCheck, TensorCheck
from grader.model.result import Diagnosis, Finding
from grader.parsing import nodes_of, parse

_NUMBERS_ONLY = ("detach", "item", "numpy", "tolist", "detach_")
_CUT_OFF = ("check.tensor.must_require_grad", "check.tensor.must_not_be_leaf")
_COPIES = ("torch.tensor", "torch.as_tensor", "torch.Tensor", "torch.FloatTensor")


@dataclass(frozen=True, slots=True)
class Cut:
    """The misconception, the line that cuts, and the name that was left without a history."""

    id: str
    code: str
    name: str = ""


def diagnosed(facts: Facts, id: str) -> Diagnosis | None:
    """The misconception, if it is the one that explains the first result without a history."""
    for confidence, checks, cut in _found(facts):
        if cut is None:
            continue
        if cut.id != id:
            return None
        params = {"code": cut.code} | ({"name": cut.name} if cut.name else {})
        return Diagnosis(id, confidence, checks, params)
    return None


def _found(facts: Facts) -> Iterator[tuple[float, tuple[str, ...], Cut | None]]:
    """Results without a history, surest first: refused passes, attributes, leaves, functions."""
    told = tuple(f.check for f in facts.wrong if f.message.id in _CUT_OFF)
    for one in errors.named(facts, "unrecorded"):
        checks = (*told, *(check for check in one.checks if check not in told))
        number = one.error.line or 0
        if one.call is not None:
            yield one.confidence, checks, _in_refused(facts, one.call)
        else:
            yield (
                one.confidence,
                checks,
                _of_pass(facts, one.cell, number)
                or _through_functions(facts, one.cell)
                or Cut("detached-early", one.code),
            )
    for finding in facts.wrong:
        check = facts.checks.get(finding.check)
        if finding.check in told and isinstance(check, TensorCheck) and finding.cell is not None:
            yield 0.85, told, _of_name(facts, finding.cell, check.value)
        elif isinstance(check, TensorCheck) and finding.message.id == "check.value.none":
            yield 0.82, (finding.check,), _unreached(facts, finding)
        elif isinstance(check, EventCheck) and _no_such_pass(facts, finding, check):
            yield 0.8, (finding.check,), _through_slopes(facts)
        elif isinstance(check, CallCheck):
            plain = finding.message.id == "check.call.no_gradient"
            sure = 0.85 if plain else 0.62
            yield sure, (finding.check,), _of_call(facts, finding, check)


def _no_such_pass(facts: Facts, finding: Finding, check: EventCheck) -> bool:
    """Whether no pass went through a slope, as far as they were seen, where one was asked for."""
    selector = facts.exercise.events.get(check.event)
    slope = selector is not None and any("BackwardBackward" in name for name in selector.through)
    id = finding.message.id
    return id == "check.event.bound" or (id == "check.event.none" and slope)


def _through_slopes(facts: Facts) -> Cut | None:
    """A gradient without a graph among the student's code, where a pass was to go through it."""
    for cell in written(facts):
        for step in assigned(cell.tree):
            if (
                cut := _step(facts, Origin(cell, step.value, None, step.line, True), set())
            ) is None:
                continue
            if cut.id == "graph-not-created":
                return cut
        for function in functions(cell.tree):
            for node in nodes_of(function):
                value = node.value if isinstance(node, ast.Return) else None
                if isinstance(value, ast.BinOp):
                    cut = _step(facts, Origin(cell, value, None, value.lineno, True), set())
                    if cut is not None and cut.id == "graph-not-created":
                        return cut
    return None


def _of_pass(facts: Facts, cell: int, number: int) -> Cut | None:
    """What cut the root of the pass in that line off."""
    cells = written(facts, locked=True, until=cell)
    if not cells or cells[-1].cell != cell:
        return None
    for root in roots(cells[-1].tree, number):
        if (cut := _why(facts, origins(cells, root, root.lineno + 1), cells)) is not None:
            return cut
    return None


def _through_functions(facts: Facts, cell: int) -> Cut | None:
    """What cuts inside the student's functions that a cell calls."""
    cells = written(facts)
    known = {function.name for one in cells for function in functions(one.tree)}
    here = next((one for one in cells if one.cell == cell), None)
    names = sorted(read(here.tree) & known) if here is not None else []
    return next((cut for n in names if (cut := _in_function(facts, n, True)) is not None), None)


def roots(tree: ast.AST, number: int | None = None) -> Iterator[ast.expr]:
    """What is differentiated by the passes in a line, or in all of them."""
    for call in calls(tree, "backward", "autograd.grad"):
        if number is not None and not call.lineno <= number <= (call.end_lineno or call.lineno):
            continue
        function = call.func
        if called(call, "autograd.grad", "autograd.backward"):
            yield from call.args[:1]
        elif isinstance(function, ast.Attribute):
            yield function.value


def _of_name(facts: Facts, cell: int, path: str) -> Cut | None:
    cells = written(facts, locked=True, until=cell)
    try:
        value = parse(path, mode="eval").body
    except SyntaxError:
        return None
    last = len(cells[-1].source.splitlines()) + 1 if cells else 1
    steps = origins(cells, value, last)
    return _why(facts, (*steps, *_before_leaf(steps, cells)), cells)


def _before_leaf(steps: Sequence[Origin], cells: Sequence[Written]) -> Sequence[Origin]:
    """What a result was computed from that was told to require grad only when it was there.

    It is a leaf all the same: nothing leads from it to what it was made of.
    """
    leaf = next((step for step in steps if not step.cell.locked and renewed(step)), None)
    if leaf is None:
        return ()
    value = leaf.value
    while isinstance(value, ast.Call) and called(value, "requires_grad_"):
        if not isinstance(value.func, ast.Attribute):
            return ()
        value = value.func.value
    first, *others = origins(cells[: cells.index(leaf.cell) + 1], value, leaf.line)
    return replace(first, recorded=leaf.recorded), *others


def _unreached(facts: Facts, finding: Finding) -> Cut | None:
    """A gradient is None although a pass succeeded: that pass did not reach its leaf."""
    if finding.cell is None:
        return None
    passes = [one for one in facts.passes(finding.cell) if one.cell == finding.cell]
    worked = [one for one in passes if one.event.error is None]
    reached = {leaf.id for one in worked for leaf in one.event.leaves}
    owner = leaves.owner(facts, finding)
    asked = facts.names(finding.cell).values() if owner is None else (owner.value,)
    empty = any(
        value.kind == "tensor"
        and value.requires_grad
        and value.leaf
        and value.grad is None
        and value.id not in reached
        for value in asked
    )
    if not empty or not worked or len(worked) < len(passes):
        return None
    if all(one.event.api == "grad" for one in worked):
        return None
    cuts = (_of_pass(facts, finding.cell, one.event.line or 0) for one in worked)
    cut = next((cut for cut in cuts if cut is not None), None)
    if cut is None and owner is not None and _read(facts, owner.name):
        remade = (_remade(facts, finding.cell, one.event.line, owner.name) for one in worked)
        cut = next((cut for cut in remade if cut is not None), None)
        line = errors.line(facts, finding.cell, worked[0].event.line)
        return cut or Cut("detached-early", line)
    return cut


def _remade(facts: Facts, cell: int, number: int | None, name: str) -> Cut | None:
    """What cut a name off from the pass in a line, where a leaf was made of a result of it."""
    cells = written(facts, locked=True, until=cell)
    if not cells or cells[-1].cell != cell:
        return None
    for root in roots(cells[-1].tree, number or 0):
        before = _before_leaf(origins(cells, root, root.lineno + 1), cells)
        if any(name in read(step.value) for step in before):
            return _why(facts, before, cells)
    return None


def _read(facts: Facts, name: str) -> bool:
    """Whether something is computed from the name; to assign it or read its `.grad` is nothing."""
    for cell in written(facts):
        slopes = {
            id(node.value)
            for node in nodes_of(cell.tree)
            if isinstance(node, ast.Attribute) and node.attr == "grad"
        }
        for node in nodes_of(cell.tree):
            if not isinstance(node, ast.Name) or node.id != name or id(node) in slopes:
                continue
            if isinstance(node.ctx, ast.Load):
                return True
    return False


def _of_call(facts: Facts, finding: Finding, check: CallCheck) -> Cut | None:
    """A function whose result has no gradient, or the wrong one."""
    id = finding.message.id
    if id in ("check.call.no_gradient", "check.call.gradient_differs"):
        return _in_function(facts, check.function, True)
    return _in_function(facts, check.function, False) if id == "check.call.differs" else None


def _in_refused(facts: Facts, name: str) -> Cut | None:
    """What cuts inside a function whose own pass was refused; else its parameter is no leaf."""
    cut = _in_function(facts, name, False)
    found = defined(written(facts), name)
    if cut is not None or found is None:
        return cut
    body = _body(*found)
    for step in assigned(body.tree):
        own = set(step.names) & read(step.value)
        if own and not step.recorded and not renewed(Origin(body, step.value, min(own), 1, False)):
            return Cut("leaf-replaced", body.line(step.line), min(own))
    for root in roots(body.tree):
        used = {n for step in origins([body], root, root.lineno + 1) for n in read(step.value)}
        given = [parameter for parameter in parameters(found[1]) if parameter in used]
        if given:
            return Cut("no-requires-grad", found[0].line(root.lineno), given[0])
    return None


def _in_function(facts: Facts, name: str, outside: bool) -> Cut | None:
    """What cuts inside a function: the roots of its passes, and if `outside` what it returns."""
    found = defined(written(facts), name)
    if found is None:
        return None
    cell, function = found
    body = _body(cell, function)
    wanted = list(roots(body.tree))
    if outside:
        wanted += [
            n.value
            for n in nodes_of(body.tree)
            if isinstance(n, ast.Return) and n.value is not None
        ]
    for root in wanted:
        for origin in origins([body], root, root.lineno + 1):
            if (cut := _step(facts, origin, set())) is not None:
                return cut
    return None


def _body(cell: Written, function: Function) -> Written:
    """A function's body as if it were a cell; functions inside it are not entered."""
    nested = {id(f) for f in functions(function) if f is not function}
    body = [statement for statement in function.body if id(statement) not in nested]
    return Written(cell.cell, cell.source, ast.Module(body, []), cell.locked)


def _why(facts: Facts, steps: Sequence[Origin], cells: Sequence[Written]) -> Cut | None:
    """The nearest step that cuts; an input that was never recorded where no step does."""
    tensors = {
        name
        for cell in cells
        for name, value in facts.names(cell.cell).items()
        if value.kind == "tensor"
    }
    for step in steps:
        if not step.cell.locked and (cut := _step(facts, step, tensors)) is not None:
            return cut
    return _silent_input(facts, steps, cells)


def _step(facts: Facts, step: Origin, tensors: set[str]) -> Cut | None:
    """What one step does to the history, if it ends it."""
    code = step.cell.line(step.line)
    itself = step.name is not None and step.name in read(step.value)
    numbers = any(called(node, *_NUMBERS_ONLY) for node in nodes_of(step.value))
    if itself and not step.recorded and not numbers and not _in_part(step):
        return Cut("leaf-replaced", code, step.name or "")
    if not step.recorded:
        return Cut("detached-early", code)
    if renewed(step) and not _copied(step.value, tensors):
        return None
    if called(step.value, *_COPIES) and not read(step.value) - {"torch"}:
        return Cut("typed-in-constant", code, step.name or "")
    for node in _parts(step.value, tensors):
        if called(node, "autograd.grad") and not _may_create_graph(_call(node)):
            return Cut("graph-not-created", step.cell.line(getattr(node, "lineno", step.line)))
        if _copied(node, tensors):
            return Cut("graph-dropped", step.cell.line(getattr(node, "lineno", step.line)))
        if called(node, *_NUMBERS_ONLY) or _attribute(node, "data"):
            return Cut("detached-early", step.cell.line(getattr(node, "lineno", step.line)))
        slope = _attribute(node, "grad") and not dotted(node).endswith("autograd.grad")
        if slope and not any(map(_may_create_graph, calls(step.cell.tree, "backward"))):
            return Cut("graph-not-created", step.cell.line(getattr(node, "lineno", step.line)))
    return None


def _may_create_graph(call: ast.Call) -> bool:
    """Whether a pass may be told to record itself: by more than a False, or by what is unknown."""
    if called(call, "autograd.grad", "autograd.backward"):
        place = 4 if called(call, "grad") else 3
    else:
        place = 2
    words = [word.value for word in call.keywords if word.arg in ("create_graph", None)]
    told = [*call.args[place : place + 1], *words]
    starred = any(isinstance(one, ast.Starred) for one in call.args)
    return starred or any(not isinstance(one, ast.Constant) or bool(one.value) for one in told)


def _in_part(step: Origin) -> bool:
    """Whether the step writes into a part of what the name stands for, which it keeps."""
    targets = (
        target
        for node in nodes_of(step.cell.tree)
        if isinstance(node, ast.Assign) and node.lineno == step.line
        for target in node.targets
    )
    return any(isinstance(target, ast.Subscript) for target in targets)


def _parts(node: ast.AST, tensors: set[str]) -> Iterator[ast.AST]:
    """The parts of an expression, but not those of which it makes a leaf of its own."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not made_leaf(child) or _copied(child, tensors):
            yield from _parts(child, tensors)


def _call(node: ast.AST) -> ast.Call:
    assert isinstance(node, ast.Call)
    return node


def _attribute(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Load)


def _copied(node: ast.AST, tensors: set[str]) -> bool:
    """`torch.tensor(...)` around tensors themselves, not around numbers taken out of them."""
    return (
        called(node, *_COPIES)
        and bool(_call(node).args)
        and bool(read(_call(node).args[0]) & tensors)
        and not any(called(n, *_NUMBERS_ONLY) for n in nodes_of(node))
    )


def _silent_input(facts: Facts, steps: Sequence[Origin], cells: Sequence[Written]) -> Cut | None:
    """An input of floating-point numbers that did not require grad when it was used."""
    for step in steps:
        before = [c.cell for c in cells if c.cell < step.cell.cell]
        earlier = facts.names(before[-1]) if before else {}
        for name in sorted(read(step.value)):
            value = earlier.get(name)
            if value is None or value.kind != "tensor" or not value.floating:
                continue
            if not value.requires_grad and value.leaf and _input(steps, name):
                return Cut("no-requires-grad", step.cell.line(step.line), name)
    return None


def _input(steps: Sequence[Origin], name: str) -> bool:
    """Whether the name was not computed by the student's own steps."""
    return not any(step.name == name and not step.cell.locked for step in steps)
