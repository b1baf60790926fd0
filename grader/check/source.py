"""What the code of the cells may not or must contain."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from grader.check import syntax
from grader.check.outcome import Answers, Outcome, missing, passed
from grader.check.reach import reach
from grader.check.syntax import Use
from grader.check.view import View
from grader.model.exercise import SourceCheck
from grader.model.expectation import Request
from grader.model.submission import Message, SubmittedCell
from grader.parsing import nodes_of


def requests(view: View, check: SourceCheck) -> tuple[Request, ...]:
    """Nothing: the answer is in the spec."""
    return ()


def judge(view: View, check: SourceCheck, answers: Answers) -> Outcome:
    """Nothing forbidden and everything required, in cells that hold an answer."""
    if view.own_names:
        return missing("check.own_names")
    names = check.cells or tuple(view.groups)
    absent = next((name for name in names if name not in view.groups), None)
    if absent is not None or not names:
        return Outcome("missing", Message("check.cell.absent", {"cell": absent or ""}))
    cells = [c for name in names for c in view.answer(name) if not c.locked]
    trees = {cell.index: syntax.parse(cell.source) for cell in cells}
    readable = [index for index, tree in trees.items() if tree is not None]
    if cells and not readable:
        return Outcome("missing", Message("check.source.unreadable"), cell=cells[0].index)
    if all(untouched(view, name) for name in names):
        answer = next((cell.name for cell in cells if cell.name), names[0])
        return Outcome("missing", Message("check.cell.empty", {"cell": answer}))
    found = _found(view, check, {i: tree for i, tree in trees.items() if tree is not None})
    for index, use in found:
        forbidden = next((name for name in check.forbid if _is(use, name)), None)
        if forbidden is not None:
            params: dict[str, str | int | float] = {"name": forbidden, "line": use.line}
            message = Message("check.source.forbidden", params)
            return Outcome("failed", message, cell=index, line=use.line)
    helped = found + _helped(view, trees, max(trees, default=-1)) if check.require else found
    for name in check.require:
        if not any(_is(use, name) and not use.imported for _, use in helped):
            message = Message("check.source.required", {"name": name})
            return Outcome("failed", message, cell=cells[0].index if cells else None)
    unread = len(trees) - len(readable)
    if unread:
        return Outcome("passed", Message("check.source.partly_unreadable", {"cells": unread}))
    return passed(cells[0].index if cells else None)


def _found(
    view: View, check: SourceCheck, trees: Mapping[int, ast.Module]
) -> list[tuple[int, Use]]:
    """What counts of what the cells use, with the cell."""
    if check.function is not None:
        answers = [cell for name in view.groups for cell in view.answer(name) if not cell.locked]
        parsed = {cell.index: syntax.parse(cell.source) for cell in answers}
        known = {index: tree for index, tree in parsed.items() if tree is not None}
        reached = reach(known, check.function, trees)
        if reached is not None:
            return [
                (index, use)
                for index, use in _uses(view, max(known))
                if (index, use.line) in reached.lines and use.name not in reached.own
            ]
    return [(index, use) for index, use in _uses(view, max(trees, default=-1)) if index in trees]


def _is(use: Use, name: str) -> bool:
    """Whether the use is of `name`, or of something in it where `name` is a module."""
    wanted = syntax.canonical(name)
    return use.name == wanted or use.name.startswith(f"{wanted}.")


def _uses(view: View, last: int) -> list[tuple[int, Use]]:
    """What every cell up to `last` uses, in order: names carry over from cell to cell."""
    parsed = [
        (cell.index, tree)
        for cell in view.submission.cells
        if cell.index <= last
        and cell.kind == "code"
        and (tree := syntax.parse(cell.source)) is not None
    ]
    found = syntax.uses([tree for _, tree in parsed])
    return [
        (index, use)
        for (index, _), used in zip(parsed, found, strict=True)
        for use in sorted(used, key=lambda u: u.line)
    ]


def _helped(view: View, trees: Mapping[int, ast.Module | None], last: int) -> list[tuple[int, Use]]:
    """What functions use that stand in other cells of the student's, and are called by these.

    Of several of one name the last counts; one that these cells write themselves is no other's.
    """
    written: dict[str, tuple[int, ast.stmt]] = {}
    for cell in view.submission.cells:
        if cell.index > last or cell.index in trees or cell.kind != "code" or cell.locked:
            continue
        tree = syntax.parse(cell.source)
        for node in tree.body if tree is not None else ():
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                written[node.name] = cell.index, node
    here = [tree for tree in trees.values() if tree is not None]
    for node in (node for tree in here for node in tree.body):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            written.pop(node.name, None)
    names = list({name for tree in here for name in _read(tree)})
    known, lines = set(names), set[tuple[int, int]]()
    for name in names:
        if name in written:
            index, node = written[name]
            lines |= {(index, n) for n in range(node.lineno, (node.end_lineno or 0) + 1)}
            fresh = _read(node) - known
            names += fresh
            known |= fresh
    return [(index, use) for index, use in _uses(view, last) if (index, use.line) in lines]


def _read(tree: ast.AST) -> set[str]:
    names = (node for node in nodes_of(tree) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Load)}


def untouched(view: View, name: str) -> bool:
    """Whether a cell still is as it was handed out, or holds nothing but placeholders."""
    starter = {c.name: c.source.strip() for c in view.exercise.cells}.get(name)
    return all(_empty(cell, starter) for cell in view.answer(name) if not cell.locked)


def _empty(cell: SubmittedCell, starter: str | None) -> bool:
    if starter is not None and cell.source.strip() == starter:
        return True
    tree = syntax.parse(cell.source)
    return tree is not None and not syntax.answered(tree)
