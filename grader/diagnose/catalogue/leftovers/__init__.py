"""What another cell left behind was used where this cell should have made its own."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from grader.diagnose import code, scenes
from grader.diagnose.arrays import alike, array
from grader.diagnose.facts import Facts
from grader.diagnose.scenes import Scene
from grader.diagnose.source import base, reads_gradient, walk
from grader.diagnose.trials import Trial, by_check, told
from grader.model.exercise import EventCheck, TensorCheck
from grader.model.observation import Event
from grader.model.result import Diagnosis


def match(facts: Facts) -> Diagnosis | None:
    """Left in `.grad`, or in a name by another part, or by another exercise of the notebook."""
    runs = {
        one.label: one for one in scenes.scenes(facts.exercise, facts.submission, facts.capture)
    }
    for id, group in by_check(facts.trials).items():
        check = facts.checks.get(id)
        wrong = [trial for trial in group if not trial.right]
        if not isinstance(check, TensorCheck) or not wrong:
            continue
        if facts.code.assigned(check.value, check.cell) is None:
            continue  # the cell does not make this value, and need not
        first = runs[wrong[0].label]
        same = all(_gradient(facts, check, trial, runs) is not None for trial in wrong)
        made = _gradient(facts, check, wrong[0], runs) if same else None
        made = made or _answer(facts, check, wrong, first) or _foreign(facts, check, wrong, first)
        if made is not None:
            name, line = made
            found = told("leftovers", 0.94, wrong, name=name, code=line)
            more = _passes(facts, check)
            return found and replace(found, checks=tuple(dict.fromkeys((*found.checks, *more))))
    return None


def _gradient(
    facts: Facts, check: TensorCheck, trial: Trial, scenes: Mapping[str, Scene]
) -> tuple[str, str] | None:
    """The leaf's `.grad` and the line of the pass in an earlier cell, where this one had to make
    one and made none."""
    asked = {selector.cell for selector in facts.exercise.events.values()}
    scene = scenes[trial.label]
    cells = scene.group(check.cell)
    if check.cell not in asked or not cells or not facts.about_gradient_of(check.id):
        return None
    if not any(map(reads_gradient, facts.code.trees(check.cell))):
        return None
    if any(event.error is None for event in scene.events(cells[-1], since=cells[0] - 1)):
        return None
    for event in reversed(scene.events(cells[0] - 1)):
        for leaf in event.leaves if event.api == "backward" and event.error is None else ():
            if alike(array(leaf.after), trial.actual):
                named = (name for name, one in trial.names.items() if one.id == leaf.id)
                name = next(named, None)
                return f"{name}.grad" if name else trial.called, _line(facts, scene, event)
    return None


def _line(facts: Facts, scene: Scene, event: Event) -> str:
    """The line in which a pass was made."""
    cells = {cell.index: cell.source for cell in facts.submission.cells}
    at = (i for i, one in scene.cells.items() if any(event is e for e in one.events))
    index = next(at, None)
    return "" if index is None else code.numbered(cells[index], event.line)


def _answer(
    facts: Facts, check: TensorCheck, wrong: list[Trial], scene: Scene
) -> tuple[str, str] | None:
    """An answer of another part, right there, that was handed in once more as this one's."""
    node = facts.code.answer(check)
    name = base(node) if isinstance(node, ast.expr) else None
    if name is None or name in _stored(*facts.code.trees(check.cell)):
        return None
    if not facts.about_gradient_of(check.id):
        return None
    failed = {finding.check for finding in facts.wrong}
    other = next(
        (
            one
            for one in facts.checks.values()
            if isinstance(one, TensorCheck)
            and (one.value, one.id in failed) == (name, False)
            and one.cell != check.cell
            and one.expect is not None
            and facts.about_gradient_of(one.id)
        ),
        None,
    )
    if other is None or not all(alike(array(t.names.get(name)), t.actual) for t in wrong):
        return None
    return _made(facts, name, scene.group(other.cell))


def _foreign(
    facts: Facts, check: TensorCheck, wrong: list[Trial], scene: Scene
) -> tuple[str, str] | None:
    """A name that no cell of this exercise makes, and an earlier cell of another one does."""
    cells, before = facts.submission.cells, scene.group(check.cell)
    if facts.submission.own_names or not before:
        return None
    trees = [tree for _, tree in (*facts.code.locked, *facts.code.own)]
    used = {name for tree in facts.code.trees(check.cell) for name in code.read(tree)}
    for name in sorted(used - _stored(*trees)):
        others = tuple(
            cell.index
            for cell in cells
            if cell.index < before[0] and cell.exercise not in (None, facts.exercise.id)
        )
        if name in wrong[0].names and wrong[0].names[name].kind == "tensor":
            found = _made(facts, name, others)
            if found is not None:
                return found
    return None


def _made(facts: Facts, name: str, cells: tuple[int, ...]) -> tuple[str, str] | None:
    """The name, and the last line of those cells that assigns it."""
    sources = {c.index: c.source for c in facts.submission.cells if c.kind == "code"}
    for index in reversed(cells):
        tree = code.parsed(sources.get(index, ""))
        lines = [one.line for one in code.assigned(tree) if name in one.names] if tree else []
        if lines:
            return name, code.numbered(sources[index], lines[-1])
    return None


def _stored(*trees: ast.AST) -> set[str]:
    """Names that code makes: variables, parameters, functions, imports."""
    found: set[str] = set()
    for node in walk(*trees):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
    return found


def _passes(facts: Facts, check: TensorCheck) -> list[str]:
    """Checks that miss the pass of this cell."""
    events = facts.exercise.events
    return [
        finding.check
        for finding in facts.wrong
        if isinstance(one := facts.checks.get(finding.check), EventCheck)
        and one.event in events
        and events[one.event].cell == check.cell
    ]
