"""Mistakes around a pass: its argument, its graph, what it leaves behind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from .program import Edit, Operator, Program, bound, edit, method, source


def backward(node: ast.AST) -> ast.expr | None:
    """What a pass starts from, if a node is a call of `backward`."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.autograd.backward":
        return node.args[0] if node.args else None
    return method(node, "backward")


def grad(node: ast.AST) -> bool:
    """Whether a node is a call of `torch.autograd.grad`, outputs and inputs by position."""
    called = isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.autograd.grad"
    return called and isinstance(node, ast.Call) and len(node.args) > 1


def root(node: ast.AST) -> ast.expr | None:
    """What a pass of either kind starts from."""
    return node.args[0] if isinstance(node, ast.Call) and grad(node) else backward(node)


def argument(node: ast.Call) -> ast.expr | ast.keyword | None:
    """The argument v of a pass."""
    for keyword in node.keywords:
        if keyword.arg in ("gradient", "grad_tensors", "grad_outputs"):
            return keyword
    named = {"torch.autograd.grad": 2, "torch.autograd.backward": 1}
    place = named.get(ast.unparse(node.func), 0)
    if len(node.args) <= place or isinstance(node.args[place], ast.Starred):
        return None
    return node.args[place]


def _without(call: ast.Call, *gone: ast.AST | None) -> str:
    args = [ast.unparse(a) for a in call.args if a not in gone]
    args += [ast.unparse(k) for k in call.keywords if k not in gone]
    return f"{ast.unparse(call.func)}({', '.join(args)})"


def keyword(call: ast.Call, name: str) -> ast.keyword | None:
    return next((k for k in call.keywords if k.arg == name), None)


@cache
def passes(program: Program) -> tuple[ast.Call, ...]:
    """All passes of both kinds, as they come in the code."""
    found = [call for call in program.find(ast.Call) if root(call) is not None]
    return tuple(sorted(found, key=lambda call: (program.index(call), call.lineno)))


@cache
def leaves(program: Program, node: ast.AST) -> list[str]:
    """Names whose gradients are taken near a node."""
    scope = program.scope(node)
    found = [
        n.value.id
        for n in program.find(ast.Attribute, scope)
        if n.attr == "grad" and isinstance(n.value, ast.Name) and n.value.id != "autograd"
    ]
    for call in program.find(ast.Call, scope):
        if grad(call) and len(call.args) > 1 and isinstance(call.args[1], ast.Name):
            found.append(call.args[1].id)
    return list(dict.fromkeys(found))


def drop_retain_graph(program: Program) -> Iterator[Edit]:
    """The graph is freed by the first pass."""
    for call in passes(program):
        if kept := keyword(call, "retain_graph"):
            yield edit("graph-freed", (call, _without(call, kept)))


def add_retain_graph(program: Program) -> Iterator[Edit]:
    """The graph is kept where nobody needs it: mostly harmless, but then nothing fails."""
    for call in passes(program):
        if not keyword(call, "retain_graph"):
            kept = _without(call)[:-1] + (", " if call.args or call.keywords else "")
            yield edit("retained-too-early", (call, f"{kept}retain_graph=True)"))


def drop_create_graph(program: Program) -> Iterator[Edit]:
    """No graph of the derivative, which is then differentiated; the graph is freed too."""
    for call in passes(program):
        if made := keyword(call, "create_graph"):
            yield edit("graph-not-created graph-freed", (call, _without(call, made)))


def drop_argument(program: Program) -> Iterator[Edit]:
    """v forgotten: an error of a vector, ones of a scalar; nothing else changes where v is one."""
    for call in passes(program):
        if given := argument(call):
            is_one = re.search(r"\bones|\(\(?\)?,? ?1(\.0*)?\)", ast.unparse(given))
            said = " argument-not-said" if is_one else ""
            truth = f"scalar-output-required wrong-cotangent{said}"
            yield edit(truth, (call, _without(call, given)))


def ones_for_v(program: Program) -> Iterator[Edit]:
    """Ones in v's place."""
    for call in passes(program):
        given = argument(call)
        value = given.value if isinstance(given, ast.keyword) else given
        if value is None or "ones" in ast.unparse(value) or isinstance(value, ast.List):
            continue
        rows = any(word in ast.unparse(value) for word in ("unit", "eye"))
        truth = "wrong-cotangent vjp-for-jacobian" if rows else "wrong-cotangent"
        if _gradient_name(program, value):
            # v is what came from above in the chain: without it that factor is missing.
            truth += " missing-chain-factor"
        yield edit(truth, (value, f"torch.ones_like({ast.unparse(value)})"))


def _gradient_name(program: Program, node: ast.expr) -> bool:
    """Whether it is a name that an assignment of a pass's result has made."""
    return isinstance(node, ast.Name) and any(
        node.id in bound(line) and grad(line.value) for line in program.find(ast.Assign)
    )


def misshapen_v(program: Program) -> Iterator[Edit]:
    """v with axes that the output has not."""
    for call in passes(program):
        given = argument(call)
        value = given.value if isinstance(given, ast.keyword) else given
        if value is not None and not isinstance(value, ast.List):
            yield edit("cotangent-shape", (value, f"{source(value)}.reshape(1, -1)"))


def drop_reduction(program: Program) -> Iterator[Edit]:
    """A pass from a vector, without sum or mean."""
    for call in passes(program):
        start = root(call)
        reduced = method(start, "sum", "mean") if start is not None else None
        if reduced is not None and argument(call) is None:
            yield edit("scalar-output-required", (start, source(reduced)))


def backward_on_leaf(program: Program) -> Iterator[Edit]:
    """`x.backward()` for `y.backward()`."""
    for call in passes(program):
        start = method(call, "backward")
        names = leaves(program, call)
        if start is not None and names and names[0] != ast.unparse(start):
            yield edit("backward-on-leaf", (start, names[0]))


def detached_root(program: Program) -> Iterator[Edit]:
    """A pass from something that has been cut off."""
    for call in passes(program):
        start = root(call)
        if start is not None and not isinstance(start, ast.List):
            yield edit("detached-early", (start, f"{source(start)}.detach()"))


def item_root(program: Program) -> Iterator[Edit]:
    """A pass from a Python number."""
    for call in passes(program):
        start = method(call, "backward")
        if start is not None and not call.args and argument(call) is None:
            yield edit("item-has-no-graph", (start, f"{source(start)}.item()"))


def second_pass(program: Program) -> Iterator[Edit]:
    """Two passes where one was asked: gradients add up."""
    for call in passes(program):
        line = program.statement(call)
        if backward(call) is not None and isinstance(line, ast.Expr) and line.value is call:
            kept = _without(call, keyword(call, "retain_graph"))[:-1]
            first = f"{kept}{'' if kept.endswith('(') else ', '}retain_graph=True)"
            truth = "accumulated-gradient retained-as-cure"
            yield edit(truth, (line, f"{first}\n{ast.unparse(call)}"))


def _clears(line: ast.stmt) -> bool:
    text = ast.unparse(line)
    return isinstance(line, ast.Assign | ast.Expr | ast.For) and (
        text.endswith((".grad = None", ".grad.zero_()", ".zero_grad()", ".grad.mul_(0)"))
    )


def drop_clear(program: Program) -> Iterator[Edit]:
    """Gradients of an earlier pass are not cleared."""
    for line in program.find(ast.stmt):
        if _clears(line):
            optimizer = ast.unparse(line).endswith("zero_grad()")
            truth = "accumulated-gradient" + (" zero-grad-not-called" if optimizer else "")
            yield edit(truth, (line, None))


def clear_between(program: Program) -> Iterator[Edit]:
    """Gradients are cleared where they ought to add up."""
    seen: set[ast.AST] = set()
    for call in passes(program):
        line, scope = program.statement(call), program.scope(call)
        looped = any(isinstance(n, ast.For) for n in program.above(line))
        if backward(call) is None or not isinstance(line, ast.Expr):
            continue
        if scope in seen or looped:
            clear = " = ".join(f"{name}.grad" for name in leaves(program, call))
            if clear:
                truth = _if_known(program, line, leaves(program, call), "over-cleared")
                yield edit(truth, (line, f"{clear} = None\n{ast.unparse(line)}"))
        seen.add(scope)


def _if_known(program: Program, line: ast.stmt, names: list[str], truth: str) -> str:
    """`truth` where the names stand for something in that line; else the cell stops there."""
    if not isinstance(program.scope(line), ast.Module):
        return truth
    place = (program.index(line), line.lineno)
    known = {n.id for n in ast.walk(ast.parse(program.locked)) if isinstance(n, ast.Name)}
    for node in program.find(ast.stmt):
        if isinstance(node, ast.Assign | ast.For) and (program.index(node), node.lineno) < place:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            known |= {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return truth if set(names) <= known else "cell-stopped"


def clear_too_soon(program: Program) -> Iterator[Edit]:
    """`x.grad.zero_()` while `.grad` is None, or after a pass whose gradient was to stay."""
    for call in passes(program):
        line, names = program.statement(call), leaves(program, call)
        if backward(call) is not None and isinstance(line, ast.Expr) and names:
            clear = f"{names[0]}.grad.zero_()\n{ast.unparse(line)}"
            kept = " over-cleared" if _filled_before(program, call, names[0]) else ""
            truth = _if_known(program, line, names[:1], "none-has-no-zero" + kept)
            yield edit(truth, (line, clear))


def _filled_before(program: Program, call: ast.Call, name: str) -> bool:
    """Whether a pass before this one has filled a leaf's `.grad`, not one that is tried to fail."""
    scope, line = program.scope(call), program.statement(call)
    filled = False
    for node in program.find(ast.stmt, scope):
        text = ast.unparse(node)
        if node is line:
            break
        if isinstance(node, ast.Assign | ast.Expr | ast.For) and re.search(
            rf"\b{name}(\.grad = None| = )|zero_grad\(\)", text
        ):
            filled = False  # cleared, or another tensor by that name
        elif isinstance(node, ast.Expr) and backward(node.value) is not None:
            filled |= not any(isinstance(n, ast.Try) for n in program.above(node))
    return filled


def drop_pass(program: Program) -> Iterator[Edit]:
    """`.grad` is read, but nothing has filled it."""
    for call in passes(program):
        line = program.statement(call)
        if backward(call) is not None and isinstance(line, ast.Expr) and line.value is call:
            # A training without a pass trains nothing.
            steps = ".step(" in "".join(ast.unparse(cell.tree) for cell in program.cells)
            yield edit("no-gradient untrained" if steps else "no-gradient", (line, None))


def pass_returned(program: Program) -> Iterator[Edit]:
    """What `backward` returns is taken for the gradient."""
    for line, value in program.gradients():
        calls = [c for c in passes(program) if program.scope(c) is program.scope(line)]
        before = [c for c in calls if c.lineno < line.lineno and backward(c) is not None]
        if ".grad" in ast.unparse(value) and before:
            last = program.statement(before[-1])
            if isinstance(last, ast.Expr) and isinstance(value, ast.Attribute | ast.Call):
                truth = "no-gradient backward-returns-nothing"
                yield edit(truth, (last, None), (value, ast.unparse(before[-1])))


def read_from_grad(program: Program) -> Iterator[Edit]:
    """`.grad` is read after `autograd.grad`, which leaves it alone."""
    for line in program.find(ast.Assign):
        call = line.value.value if isinstance(line.value, ast.Subscript) else line.value
        if grad(call) and isinstance(call, ast.Call) and isinstance(call.args[1], ast.Name):
            target = line.targets[0]
            name = target.elts[0] if isinstance(target, ast.Tuple) else target
            read = f"{ast.unparse(call)}\n{ast.unparse(name)} = {call.args[1].id}.grad"
            yield edit("no-gradient", (line, read))


def grad_for_backward(program: Program) -> Iterator[Edit]:
    """`autograd.grad` where `.grad` is read afterwards."""
    for call in passes(program):
        start, line, names = (
            method(call, "backward"),
            program.statement(call),
            leaves(program, call),
        )
        if start is None or not isinstance(line, ast.Expr) or not names:
            continue
        given = argument(call)
        v = ", " + ast.unparse(given) if given is not None else ""
        # Whether the graph is kept stays as it was: to free it is a mistake of its own.
        rest = [ast.unparse(k) for k in call.keywords if k is not given]
        kept = "".join(f", {k}" for k in rest)
        asked = f"torch.autograd.grad({ast.unparse(start)}, {names[0]}{v}{kept})"
        yield edit("grad-for-backward no-gradient", (call, asked.replace("gradient=", "")))


def backward_for_grad(program: Program) -> Iterator[Edit]:
    """`backward` where `autograd.grad` was asked: it writes into `.grad`."""
    for line in program.find(ast.Assign):
        call = line.value.value if isinstance(line.value, ast.Subscript) else line.value
        if not (grad(call) and isinstance(call, ast.Call) and isinstance(call.args[1], ast.Name)):
            continue
        if isinstance(line.targets[0], ast.Tuple) and len(line.targets[0].elts) > 1:
            continue
        target = (
            line.targets[0].elts[0] if isinstance(line.targets[0], ast.Tuple) else line.targets[0]
        )
        rest = [ast.unparse(a) for a in [*call.args[2:], *call.keywords]]
        run = f"{source(call.args[0])}.backward({', '.join(rest)})".replace(
            "grad_outputs", "gradient"
        )
        taken = f"{ast.unparse(target)} = {call.args[1].id}.grad"
        # It leaves something in `.grad`; what is no leaf keeps no `.grad`.
        truth = "backward-for-grad accumulated-gradient left-in-grad"
        if not is_leaf(program, call, call.args[1].id):
            truth += " not-a-leaf"
        yield edit(truth, (line, f"{run}\n{taken}"))


def is_leaf(program: Program, node: ast.AST, name: str) -> bool:
    """Whether a name is not made by a formula: given, detached, or asked to require gradients."""
    scope = program.scope(node)
    kinds = ast.Module if isinstance(scope, ast.Module) else type(scope)
    made = [
        ast.unparse(n.value)
        for n in program.find(ast.Assign)
        if any(isinstance(t, ast.Name) and t.id == name for t in n.targets)
        and (program.scope(n) is scope or (kinds is ast.Module is type(program.scope(n))))
    ]
    return not made or any("requires_grad" in text or "detach()" in text for text in made)


def differentiated_by(program: Program, name: str) -> bool:
    """Whether some `autograd.grad` asks for the gradient with respect to a name.

    It may stand in a function of the program's, which is called with that name.
    """
    for call in passes(program):
        if not grad(call) or len(call.args) < 2:
            continue
        asked = {node.id for node in ast.walk(call.args[1]) if isinstance(node, ast.Name)}
        if name in asked:
            return True
        scope = program.scope(call)
        if not isinstance(scope, ast.FunctionDef):
            continue
        places = [n for n, one in enumerate(scope.args.args) if one.arg in asked]
        for use in program.find(ast.Call):
            if ast.unparse(use.func) == scope.name and any(
                place < len(use.args) and ast.unparse(use.args[place]) == name for place in places
            ):
                return True
    return False


def retained(program: Program, name: str) -> bool:
    """Whether `retain_grad` is called on a name, or on the elements of a row that holds it."""
    for call in program.find(ast.Call):
        owner = method(call, "retain_grad")
        if not isinstance(owner, ast.Name):
            continue
        rows = [n.iter for n in program.above(call) if isinstance(n, ast.For)]
        rows = [row for row in rows if isinstance(row, ast.List | ast.Tuple)]
        if owner.id == name or any(name in map(ast.unparse, row.elts) for row in rows):
            return True
    return False


def unrecorded(program: Program, line: ast.Assign) -> str:
    """What else is true where the names that a line binds have lost their history.

    To ask for their gradients is refused, and so is to have them kept.
    """
    said = ""
    if any(differentiated_by(program, name) for name in bound(line)):
        said += " differentiated-without-grad"
    if any(retained(program, name) for name in bound(line)):
        said += " retain-grad"
    return said


OPERATORS: tuple[Operator, ...] = (
    drop_retain_graph,
    add_retain_graph,
    drop_create_graph,
    drop_argument,
    ones_for_v,
    misshapen_v,
    drop_reduction,
    backward_on_leaf,
    detached_root,
    item_root,
    second_pass,
    drop_clear,
    clear_between,
    clear_too_soon,
    drop_pass,
    pass_returned,
    read_from_grad,
    grad_for_backward,
    backward_for_grad,
)
