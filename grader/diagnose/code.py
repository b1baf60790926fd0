"""What the student's source says, by syntax tree: calls, assignments, where a value came from.

written(facts)             the exercise's code cells that can be parsed, in order
calls(tree, "detach")      calls of that name, however they are reached
origins(cells, node)       the expressions from which an expression was computed
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader.diagnose.facts import Facts
from grader.parsing import nodes_of, parse

_LONGEST = 80
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Written:
    """A code cell: its index in the submission, its text and tree; `locked`: the author's."""

    cell: int
    source: str
    tree: ast.Module
    locked: bool

    def line(self, number: int | None) -> str:
        """A line of the cell (1-based) as it can be shown."""
        return numbered(self.source, number)


def numbered(source: str, number: int | None) -> str:
    """A line (1-based) as it can be shown; without a number the first that says something."""
    lines = source.splitlines()
    if number is not None and 0 < number <= len(lines) and lines[number - 1].strip():
        return shown(lines[number - 1])
    return shown(next((line for line in lines if line.strip()), ""))


def shown(line: str) -> str:
    """A line of code, short enough to stand in a sentence between backticks."""
    text = " ".join(line.split()).replace("`", "'")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 4] + " ..."


@lru_cache(maxsize=512)
def parsed(source: str) -> ast.Module | None:
    """The tree of a cell, lines of IPython's own (`%magic`, `!command`) left out."""
    plain = "\n".join(
        "pass" if line.startswith(("%", "!", "?")) else line for line in source.splitlines()
    )
    try:
        return parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def written(facts: Facts, *, locked: bool = False, until: int | None = None) -> tuple[Written, ...]:
    """The student's cells of the exercise, up to and with a cell; the author's too if `locked`."""
    own = facts.submission.own_names
    return tuple(
        Written(cell.index, cell.source, tree, cell.locked)
        for cell in facts.submission.cells
        if cell.kind == "code"
        and (own or cell.exercise == facts.exercise.id)
        and (locked or not cell.locked)
        and (until is None or cell.index <= until)
        and (tree := parsed(cell.source)) is not None
    )


def dotted(node: ast.AST) -> str:
    """`torch.autograd.grad` of such an expression; what is no name is left out: `.backward`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def called(node: ast.AST, *names: str) -> bool:
    """Whether this is a call of one of the names; `grad` is found as `torch.autograd.grad` too."""
    if not isinstance(node, ast.Call):
        return False
    said = "." + dotted(node.func).lstrip(".")
    return any(said.endswith("." + name) for name in names)


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """All calls of one of the names, in the order of the text."""
    found = [n for n in nodes_of(tree) if isinstance(n, ast.Call) and called(n, *names)]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The argument passed by that keyword."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def is_true(node: ast.expr | None) -> bool:
    """Whether the expression is the literal True."""
    return isinstance(node, ast.Constant) and node.value is True


def read(node: ast.AST) -> frozenset[str]:
    """The names that an expression reads."""
    return frozenset(
        n.id for n in nodes_of(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    )


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function that is defined, methods included."""
    return (n for n in nodes_of(tree) if isinstance(n, Function))


def defined(cells: Sequence[Written], name: str) -> tuple[Written, Function] | None:
    """The last definition of a function, with its cell."""
    found = [(cell, f) for cell in cells for f in functions(cell.tree) if f.name == name]
    return found[-1] if found else None


def parameters(function: Function) -> tuple[str, ...]:
    """The names of a function's parameters."""
    every = function.args
    return tuple(one.arg for one in (*every.posonlyargs, *every.args, *every.kwonlyargs))


@dataclass(frozen=True, slots=True)
class Assigned:
    """`names = value`; `recorded` is False under `no_grad` and its like."""

    names: tuple[str, ...]
    value: ast.expr
    line: int
    recorded: bool = True


@lru_cache(maxsize=256)
def assigned(node: ast.AST) -> tuple[Assigned, ...]:
    """The assignments of a block in the order of the text; functions inside it are not entered."""
    return tuple(_assigned(node, True))


def _assigned(node: ast.AST, recorded: bool) -> Iterator[Assigned]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(child, ast.Assign):
            names = tuple(n for target in child.targets for n in _targets(target))
            yield Assigned(names, child.value, child.lineno, recorded)
        elif isinstance(child, ast.AnnAssign | ast.AugAssign) and child.value is not None:
            yield Assigned(tuple(_targets(child.target)), child.value, child.lineno, recorded)
        elif isinstance(child, ast.For):
            yield Assigned(tuple(_targets(child.target)), child.iter, child.lineno, recorded)
        elif isinstance(child, ast.NamedExpr):
            yield Assigned((child.target.id,), child.value, child.lineno, recorded)
        silent = isinstance(child, ast.With) and any(
            called(item.context_expr, "no_grad", "inference_mode") for item in child.items
        )
        yield from _assigned(child, recorded and not silent)


def _targets(node: ast.AST) -> Iterator[str]:
    """The names that an assignment binds, or whose parts it changes."""
    if isinstance(node, ast.Tuple | ast.List):
        for element in node.elts:
            yield from _targets(element)
    elif isinstance(node, ast.Starred | ast.Subscript):
        yield from _targets(node.value)
    elif isinstance(node, ast.Name):
        yield node.id


@dataclass(frozen=True, slots=True)
class Origin:
    """One step of how a value came about: `name` (if any) was made by `value` in a cell's line."""

    cell: Written
    value: ast.expr
    name: str | None
    line: int
    recorded: bool


def origins(cells: Sequence[Written], value: ast.expr, line: int) -> tuple[Origin, ...]:
    """`value` in the last of `cells`, and what it was computed from, nearest first.

    For each name the last assignment before is followed, at the top level of the cells. A chain
    stops where a tensor is made a leaf again (`requires_grad_()`).
    """
    if not cells:
        return ()
    steps = [(index, one) for index, cell in enumerate(cells) for one in assigned(cell.tree)]
    todo = [(len(cells) - 1, line, Origin(cells[-1], value, None, line, True))]
    found: list[Origin] = []
    seen: set[tuple[int, int, str]] = set()
    while todo:
        at, before, origin = todo.pop(0)
        found.append(origin)
        if renewed(origin):
            continue
        for name in sorted(read(origin.value)):
            last = [
                (index, one)
                for index, one in steps
                if name in one.names and (index, one.line) < (at, before)
            ]
            if last and (*(last[-1][0], last[-1][1].line), name) not in seen:
                index, one = last[-1]
                seen.add((index, one.line, name))
                origin = Origin(cells[index], one.value, name, one.line, one.recorded)
                todo.append((index, one.line, origin))
    return tuple(found)


def made_leaf(value: ast.AST) -> bool:
    """Whether the expression is a leaf of its own: `….requires_grad_()`, `requires_grad=True`.

    A parameter of a module is one by itself.
    """
    return isinstance(value, ast.Call) and (
        called(value, "requires_grad_")
        or is_true(keyword(value, "requires_grad"))
        or (called(value, "Parameter") and keyword(value, "requires_grad") is None)
    )


def renewed(origin: Origin) -> bool:
    """Whether the value was made a leaf, at once or by a later statement."""
    return made_leaf(origin.value) or (
        origin.name is not None
        and any(
            switched_on(node) == origin.name and node.lineno >= origin.line
            for node in nodes_of(origin.cell.tree)
            if isinstance(node, ast.Call | ast.Assign)
        )
    )


def switched_on(node: ast.Call | ast.Assign) -> str | None:
    """The name whose `requires_grad` this sets to True."""
    if isinstance(node, ast.Call):
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        off = any(isinstance(a, ast.Constant) and a.value is False for a in node.args)
        if off or not called(node, "requires_grad_"):
            return None
        return owner.id if isinstance(owner, ast.Name) else None
    target = node.targets[0]
    if isinstance(target, ast.Attribute) and target.attr == "requires_grad" and is_true(node.value):
        return target.value.id if isinstance(target.value, ast.Name) else None
    return None


def in_loop(tree: ast.AST, line: int) -> bool:
    """Whether a line stands inside a loop."""
    return any(
        node.lineno < line <= (node.end_lineno or node.lineno)
        for node in nodes_of(tree)
        if isinstance(node, ast.For | ast.While)
    )


def compares(node: ast.AST, *operators: type[ast.cmpop]) -> bool:
    """Whether this is a comparison by one of the operators."""
    return isinstance(node, ast.Compare) and isinstance(node.ops[-1], operators)


def changed(tree: ast.AST) -> tuple[tuple[int, str], ...]:
    """Where names are changed in place, and which: `x += …`, `x[0] = …`, `x.mul_(…)`."""
    found: list[tuple[int, str]] = []
    for node in nodes_of(tree):
        if isinstance(node, ast.AugAssign):
            found += [(node.lineno, name) for name in _targets(node.target)]
        elif isinstance(node, ast.Assign):
            parts = [target for target in node.targets if isinstance(target, ast.Subscript)]
            found += [(node.lineno, name) for part in parts for name in _targets(part)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, method = node.func.value, node.func.attr
            inplace = method.endswith("_") and not method.startswith("_")
            if inplace and method != "requires_grad_" and isinstance(owner, ast.Name):
                found.append((node.lineno, owner.id))
    return tuple(sorted(found))


def own_functions(tree: ast.AST) -> dict[str, ast.ClassDef]:
    """The classes that derive from `torch.autograd.Function`, by name."""
    return {
        node.name: node
        for node in nodes_of(tree)
        if isinstance(node, ast.ClassDef)
        and any(dotted(base).rsplit(".", maxsplit=1)[-1] == "Function" for base in node.bases)
    }
