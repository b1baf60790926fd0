"""A sample as named cells with syntax trees, and what is written anew in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from grader.model.exercise import ChoiceCheck, Exercise
from grader.spec.files import percent_cells

Node = TypeVar("Node", bound=ast.AST)
New = ast.expr | list[ast.stmt]
_GRADIENT = re.compile(r"\.grad\b|autograd\.|func\.|fwAD\.")


@dataclass(frozen=True)
class Edit:
    """Nodes of a program and what stands in their place, and the mistake that this is."""

    changes: Mapping[ast.AST, New]
    truth: frozenset[str]
    operator: str = ""


Operator = Callable[["Program"], Iterator[Edit]]


def edit(truth: str, *changes: tuple[ast.AST, str | None]) -> Edit:
    """An edit by source text: an expression for an expression, statements for a statement.

    `truth` is ids with spaces between them; None removes a statement.
    """
    written: dict[ast.AST, New] = {}
    for node, text in changes:
        if isinstance(node, ast.stmt):
            written[node] = ast.parse("pass" if text is None else text).body
        else:
            assert text is not None
            written[node] = ast.parse(text, mode="eval").body
    return Edit(written, frozenset(truth.split()))


def source(node: ast.AST) -> str:
    """The text of a node, in brackets where it is an operation."""
    text = ast.unparse(node)
    plain = isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.Subscript | ast.stmt)
    return text if plain else f"({text})"


@dataclass(frozen=True)
class Cell:
    """One code cell; `name` is None for one that the starter has not."""

    name: str | None
    tree: ast.Module


@dataclass(frozen=True, eq=False)
class Program:
    """A sample of an exercise.

    Attributes:
        exercise: whose sample it is.
        text: the percent text.
        cells: its cells, in order.
        locked: code of the starter's locked cells.
        answers: cell → the names that the starter leaves to the student, functions included.
    """

    exercise: Exercise
    text: str
    cells: tuple[Cell, ...]
    locked: str
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def parents(self) -> Mapping[ast.AST, ast.AST]:
        """Node → the node that holds it."""
        return {
            child: node
            for cell in self.cells
            for node in ast.walk(cell.tree)
            for child in ast.iter_child_nodes(node)
        }

    @cached_property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """Names that answer a question → the options."""
        checks = [c for c in self.exercise.checks if isinstance(c, ChoiceCheck)]
        return {check.value: check.options for check in checks}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes that hold a node, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def index(self, node: ast.AST) -> int:
        """The place of the cell that a node is in."""
        module = list(self.above(node))[-1]
        return next(i for i, cell in enumerate(self.cells) if cell.tree is module)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around a node, or the node."""
        if isinstance(node, ast.stmt):
            return node
        return next(n for n in self.above(node) if isinstance(n, ast.stmt))

    def scope(self, node: ast.AST) -> ast.AST:
        """The function or cell around a node."""
        return next(
            n for n in self.above(node) if isinstance(n, ast.FunctionDef | ast.Lambda | ast.Module)
        )

    @cached_property
    def shown(self) -> Mapping[type[ast.AST], tuple[ast.AST, ...]]:
        """Nodes by their type, in the order of the code, but for what is only printed."""
        by_type: dict[type[ast.AST], list[ast.AST]] = {}
        for cell in self.cells:
            for node in _walk(cell.tree):
                by_type.setdefault(type(node), []).append(node)
        return {kind: tuple(nodes) for kind, nodes in by_type.items()}

    def find(self, kind: type[Node], within: ast.AST | None = None) -> Iterator[Node]:
        """Nodes of a kind in the order of the code, but for what is only printed."""
        for exact, nodes in self.shown.items():
            if issubclass(exact, kind):
                for node in nodes:
                    if within is None or within is node or within in self.above(node):
                        yield node  # type: ignore[misc]

    def answer_nodes(self) -> Iterator[tuple[ast.stmt, ast.expr]]:
        """(statement, value) of the answers: `name = value`, and `return value` of functions."""
        for cell in self.cells:
            names = self.answers.get(cell.name or "", frozenset())
            for node in cell.tree.body:
                if isinstance(node, ast.Assign) and names & bound(node):
                    yield node, node.value
                if isinstance(node, ast.FunctionDef) and node.name in names:
                    for end in self.find(ast.Return, node):
                        if end.value is not None and self.scope(end) is node:
                            yield end, end.value

    def gradients(self) -> Iterator[tuple[ast.stmt, ast.expr]]:
        """Those answers that are gradients."""
        for statement, value in self.answer_nodes():
            scope = self.scope(statement)
            told = scope if isinstance(scope, ast.FunctionDef) else value
            if _GRADIENT.search(ast.unparse(told)):
                yield statement, value

    def written(self, edits: Iterable[Edit]) -> str:
        """The percent text with edits made."""
        changes = {node: new for e in edits for node, new in e.changes.items()}
        parts = []
        for cell in self.cells:
            head = "# %%" if cell.name is None else f'# %% name="{cell.name}"'
            tree = _rebuilt(cell.tree, changes)
            parts.append(f"{head}\n{ast.unparse(ast.fix_missing_locations(tree))}\n")
        return "\n".join(parts)


def read(exercise: Exercise, text: str) -> Program:
    """The program of a sample's percent text."""
    cells = tuple(Cell(name, ast.parse(code)) for name, _, code in percent_cells(text))
    answers = {
        cell.name: frozenset(
            name
            for node in ast.parse(cell.source).body
            if ast.unparse(node).rstrip().endswith("...")
            for name in bound(node)
        )
        for cell in exercise.cells
        if not cell.locked
    }
    locked = "\n".join(cell.source for cell in exercise.cells if cell.locked)
    return Program(exercise, text, cells, locked, answers)


def bound(node: ast.stmt) -> set[str]:
    """The names that a statement binds."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if not isinstance(node, ast.Assign):
        return set()
    return {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}


def method(node: ast.AST, *names: str) -> ast.expr | None:
    """The receiver, if a node calls one of these methods on something; not a torch function."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and not ast.unparse(node.func.value).startswith(("torch", "np", "plt", "math", "fwAD"))
    ):
        return node.func.value
    return None


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    printed = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    if printed and ast.unparse(node).startswith("print("):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _walk(child)


def _rebuilt(node: ast.AST, changes: Mapping[ast.AST, New]) -> ast.AST:
    fields = {name: _field(value, changes) for name, value in ast.iter_fields(node)}
    return ast.copy_location(type(node)(**fields), node)


def _field(value: object, changes: Mapping[ast.AST, New]) -> object:
    if isinstance(value, list):
        made: list[object] = []
        for item in value:
            new = changes.get(item) if isinstance(item, ast.AST) else None
            if isinstance(new, list):
                made += new
            else:
                made.append(_field(item, changes))
        return made
    if isinstance(value, ast.AST):
        new = changes.get(value)
        return _rebuilt(value, changes) if new is None else new
    return value
