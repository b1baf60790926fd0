"""What a function of the student's hangs on: its own code, and what gives the names in it a value.

A cell with a function in it may also try that function out, such as by comparing what it returns
with what a forbidden one does. Such lines are no part of it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass

from grader.check.syntax import canonical
from grader.parsing import nodes_of

_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_WITHOUT_A_PASS = ("object", "Module", "ABC", "Protocol", "Generic", "NamedTuple", "dict", "list")


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A statement that is in no function, or the head of one that holds others.

    `gives` are the names that it gives a value, `fills` those of which it calls a method; what is
    `sure` gives it in any case, and anew.
    """

    cell: int
    nodes: tuple[ast.AST, ...]
    gives: frozenset[str]
    fills: frozenset[str]
    reads: frozenset[str]
    sure: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The lines (cell, 1-based) of what was reached, and the methods of the student's classes."""

    lines: frozenset[tuple[int, int]]
    own: frozenset[str]


def reach(trees: Mapping[int, ast.Module], function: str, near: Container[int]) -> Reach | None:
    """All that a function hangs on; None where no cell of `near` gives it a value.

    Args:
        trees: cells by index.
        function: its name.
        near: cells whose statements go before those of others that give the same name a value.
    """
    steps = [step for cell, tree in trees.items() for step in _steps(cell, tree.body)]
    given = frozenset(name for step in steps for name in step.gives)
    if not any(function in step.gives and step.cell in near for step in steps):
        return None
    about: dict[str, list[Step]] = {}
    for step in steps:
        for name in step.gives | (step.fills & given):
            about.setdefault(name, []).append(step)
    names, known, found = [function], {function}, dict[Step, None]()
    for name in names:
        here = about.get(name, [])
        for step in _newest([s for s in here if s.cell in near] or here):
            if step not in found:
                found[step] = None
                names += sorted(step.reads - known)
                known |= step.reads
    nodes = [(step.cell, node) for step in found for part in step.nodes for node in nodes_of(part)]
    lines = frozenset((cell, n.lineno) for cell, n in nodes if isinstance(n, ast.expr | ast.stmt))
    return Reach(lines, frozenset(_methods([node for _, node in nodes])))


def _newest(steps: list[Step]) -> list[Step]:
    """Without those before the last that is sure."""
    start = max((number for number, step in enumerate(steps) if step.sure), default=0)
    return steps[start:]


def _steps(cell: int, body: list[ast.stmt]) -> Iterator[Step]:
    """Not by recursion: each `elif` is one level deeper than what is before it."""
    waiting = [(statement, True) for statement in reversed(body)]
    while waiting:
        statement, sure = waiting.pop()
        blocks = [] if isinstance(statement, _DEFINED) else list(_blocks(statement))
        inside = {id(one) for block in blocks for one in block}
        parts = ast.iter_child_nodes(statement) if blocks else iter((statement,))
        head = tuple(p for p in parts if id(p) not in inside and not isinstance(p, _HANDLING))
        if not isinstance(statement, _IMPORTS):
            yield _step(cell, head, sure and isinstance(statement, _DEFINED))
        waiting += [(one, False) for block in reversed(blocks) for one in reversed(block)]


_HANDLING = (ast.ExceptHandler, ast.match_case)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The statements within one, block by block."""
    within = [statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
    for one in within:
        for name in ("body", "orelse", "finalbody"):
            block = getattr(one, name, None)
            if isinstance(block, list) and block:
                yield block


def _step(cell: int, parts: tuple[ast.AST, ...], sure: bool) -> Step:
    gives, fills, reads = set[str](), set[str](), set[str]()
    for part in parts:
        if isinstance(part, _DEFINED):
            gives.add(part.name)
            reads |= _read(part) - _bound(part, everything=True) | _defaults(part)
            continue
        reads |= _read(part) - _bound(part, everything=False) | _defaults(part)
        gives |= {
            _root(n) for n in nodes_of(part) if isinstance(getattr(n, "ctx", None), ast.Store)
        }
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            fills.add(_root(part.value.func))
    return Step(
        cell, parts, frozenset(gives - {""}), frozenset(fills - {""}), frozenset(reads), sure
    )


def _read(part: ast.AST) -> set[str]:
    names = (n for n in nodes_of(part) if isinstance(n, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Load)}


def _defaults(part: ast.AST) -> set[str]:
    """Names that parameters stand for by default are read where the function is made: `g=g`."""
    made = (node for node in nodes_of(part) if isinstance(node, ast.arguments))
    values = (value for one in made for value in (*one.defaults, *one.kw_defaults))
    return {value.id for value in values if isinstance(value, ast.Name)}


def _bound(part: ast.AST, *, everything: bool) -> set[str]:
    """Names of its own: parameters and what comprehensions run over, or `everything` it sets."""
    found = {node.arg for node in nodes_of(part) if isinstance(node, ast.arg)}
    shared = {
        name
        for node in nodes_of(part)
        if isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names
    }
    places = [part] if everything else []
    places += [node.target for node in nodes_of(part) if isinstance(node, ast.comprehension)]
    stored = (n for place in places for n in nodes_of(place) if isinstance(n, ast.Name))
    if everything:
        found |= {n.name for n in nodes_of(part) if isinstance(n, _DEFINED)}
    return found | {n.id for n in stored if isinstance(n.ctx, ast.Store)} - shared


def _root(node: ast.AST) -> str:
    """The name in `name.a[0].b`, "" where something else is at the root."""
    attributes = isinstance(node, ast.Attribute | ast.Subscript)
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    stored = attributes or isinstance(getattr(node, "ctx", None), ast.Store)
    return node.id if isinstance(node, ast.Name) and stored else ""


def _methods(nodes: Collection[ast.AST]) -> Iterator[str]:
    """What the student's objects have of their own, as `Tensor.<name>`: methods and fields."""
    classes = {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
    foreign = _foreign(classes)
    for one in classes.values():
        for part in one.body if one.name not in foreign else ():
            if isinstance(part, ast.FunctionDef):
                yield canonical(f"Tensor.{part.name}")
            elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                yield canonical(f"Tensor.{part.target.id}")
    for node in nodes:
        if isinstance(node, ast.Call) and _last(node.func) == "namedtuple":
            fields = node.args[1] if len(node.args) > 1 else None
            for text in fields.elts if isinstance(fields, ast.List | ast.Tuple) else (fields,):
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    names = text.value.replace(",", " ").split()
                    yield from (canonical(f"Tensor.{name}") for name in names)


def _foreign(classes: Mapping[str, ast.ClassDef]) -> set[str]:
    """The classes that are made of something which may have methods that make a pass."""
    derived: dict[str, list[str]] = {}
    waiting = []
    for name, one in classes.items():
        if any(word.arg != "metaclass" for word in one.keywords):
            waiting.append(name)
        for base in one.bases:
            above = _last(base.value if isinstance(base, ast.Subscript) else base)
            if isinstance(base, ast.Name) and above in classes:
                derived.setdefault(above, []).append(name)
            elif above not in _WITHOUT_A_PASS:
                waiting.append(name)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += derived.get(name, [])
    return found


def _last(node: ast.expr) -> str:
    """`Module` of `torch.nn.Module`, "" of what is no name."""
    return getattr(node, "id", getattr(node, "attr", ""))
