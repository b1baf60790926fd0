"""The student's code as syntax trees: what is assigned, what is called, what a function returns."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from grader.model.exercise import CallCheck, Exercise, TensorCheck
from grader.model.submission import Submission
from grader.parsing import nodes_of, parse

_LONGEST = 20_000
_CLEARING = ("zero_", "zero_grad")


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """An exercise's code, by the name of its cell; what cannot be read is left out.

    Attributes:
        own: the student's cells.
        locked: the author's cells.
    """

    own: tuple[tuple[str, ast.Module], ...]
    locked: tuple[tuple[str, ast.Module], ...]

    def trees(self, cell: str | None = None) -> tuple[ast.Module, ...]:
        """The student's trees, of one cell or of all."""
        return tuple(tree for name, tree in self.own if cell is None or name == cell)

    def functions(self) -> dict[str, ast.FunctionDef]:
        """Functions of both, by name; the last definition counts."""
        return {
            node.name: node
            for _, tree in (*self.locked, *self.own)
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
        }

    def given(self) -> frozenset[str]:
        """Names of the author's functions."""
        return frozenset(
            node.name
            for _, tree in self.locked
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
        )

    def assigned(self, name: str, cell: str | None = None) -> ast.expr | None:
        """What was assigned to a name last, at the top level of a cell (or of any)."""
        found: ast.expr | None = None
        for tree in self.trees(cell):
            for statement in tree.body:
                for target, value in _assignments(statement):
                    if isinstance(target, ast.Name) and target.id == name:
                        found = value
        return found

    def answer(self, check: TensorCheck | CallCheck) -> ast.AST | None:
        """Where a check's answer comes from: the assigned expression, or the function."""
        if isinstance(check, CallCheck):
            return self.functions().get(check.function)
        found = self.assigned(check.value, check.cell)
        if isinstance(found, ast.Name):
            return self.assigned(found.id, check.cell) or found
        return found


def read(exercise: Exercise, submission: Submission) -> Code:
    """The code of an exercise's cells; of all cells, in a notebook with names of its own."""
    own: list[tuple[str, ast.Module]] = []
    locked: list[tuple[str, ast.Module]] = []
    current = ""
    for cell in submission.cells:
        if cell.kind != "code" or not (submission.own_names or cell.exercise == exercise.id):
            continue
        current = cell.name or current
        tree = _parse(cell.source)
        if tree is not None:
            (locked if cell.locked else own).append((current, tree))
    return Code(tuple(own), tuple(locked))


@lru_cache(maxsize=512)
def _parse(text: str) -> ast.Module | None:
    if len(text) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _assignments(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Targets with what they get, tuples taken apart."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _pairs(target, statement.value)
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        yield statement.target, statement.value
    elif isinstance(statement, ast.With | ast.For | ast.While | ast.If | ast.Try):
        for inner in statement.body:
            yield from _assignments(inner)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            for one, other in zip(target.elts, value.elts, strict=True):
                yield from _pairs(one, other)
        return
    yield target, value


def walk(*nodes: ast.AST | None) -> Iterator[ast.AST]:
    """Every node below."""
    for node in nodes:
        if node is not None:
            yield from nodes_of(node)


def called(node: ast.Call) -> str:
    """The last part of what is called: `log` of `torch.log(x)` and of `x.log()`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def calls(*nodes: ast.AST | None) -> frozenset[str]:
    """The last parts of all that is called below."""
    return frozenset(called(node) for node in walk(*nodes) if isinstance(node, ast.Call))


def returned(function: ast.FunctionDef) -> tuple[ast.expr, ...]:
    """What a function returns, names replaced once by what was assigned to them in it."""
    assigned: dict[str, ast.expr] = {}
    found: list[ast.expr] = []
    for node in nodes_of(function):
        if isinstance(node, ast.stmt):
            for target, value in _assignments(node) if isinstance(node, ast.Assign) else ():
                if isinstance(target, ast.Name):
                    assigned[target.id] = value
    for node in nodes_of(function):
        if isinstance(node, ast.Return) and node.value is not None:
            value = node.value
            if isinstance(value, ast.Name) and value.id in assigned:
                value = assigned[value.id]
            found.append(value)
    return tuple(found)


def helpers(code: Code, *nodes: ast.AST | None) -> tuple[ast.AST, ...]:
    """Pieces of code and the functions of the student's that they call, directly or not."""
    found = [node for node in nodes if node is not None]
    if not found:
        return ()
    given = code.given()
    functions = {name: f for name, f in code.functions().items() if name not in given}
    seen = {name for name, f in functions.items() if f in found[:1]}
    for piece in found:
        for inner in nodes_of(piece):
            name = inner.id if isinstance(inner, ast.Name) else ""
            if name in functions and name not in seen:
                seen.add(name)
                found.append(functions[name])
    return tuple(found)


def clears(*nodes: ast.AST | None) -> bool:
    """Whether `.grad` is set to None or zero, or a clone takes a leaf's place, somewhere below."""
    for node in walk(*nodes):
        if isinstance(node, ast.Call) and called(node) in _CLEARING:
            return True
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Attribute) and t.attr == "grad" for t in node.targets
        ):
            return True
    return False


def loops(*nodes: ast.AST | None) -> tuple[ast.For | ast.While, ...]:
    """Loops below."""
    return tuple(node for node in walk(*nodes) if isinstance(node, ast.For | ast.While))


def base(node: ast.expr) -> str | None:
    """The name under calls and attributes: `y` of `y.detach().clone()`."""
    current: ast.AST = node
    while True:
        if isinstance(current, ast.Call) and isinstance(current.func, ast.Attribute):
            current = current.func.value
        elif isinstance(current, ast.Attribute | ast.Subscript):
            current = current.value
        else:
            return current.id if isinstance(current, ast.Name) else None


def reads_gradient(node: ast.AST) -> bool:
    """Whether a `.grad` or the answer of `autograd.grad` stands somewhere below."""
    for inner in nodes_of(node):
        if isinstance(inner, ast.Attribute) and inner.attr == "grad":
            return True
    return False


def results(node: ast.AST) -> tuple[ast.expr, ...]:
    """What an answer is in the end: what a function returns, or the expression itself."""
    if isinstance(node, ast.FunctionDef):
        return returned(node)
    return (node,) if isinstance(node, ast.expr) else ()


def said(node: ast.AST) -> str:
    """Code as a short line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 80 else f"{text[:77]}…"


Names = Mapping[str, ast.expr]
