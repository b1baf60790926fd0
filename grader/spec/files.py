"""Reads the files of one exercise: TOML, starter, prompts, and the signatures of the reference."""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import Problem
from grader.parsing import parse

# keys of an exercise that no author writes
FROM_FILES = (
    "id", "cells", "prompts", "headings", "digest", "folder", "reference", "functions", "warnings",
)  # fmt: skip
_MARK = re.compile(r"^<!--\s*cell:\s*(?P<name>[\w-]+)\s*-->\s*$", re.MULTILINE)
_HEADING = re.compile(r"\s*\*\*([^*\n]{1,80})\*\*")


@dataclass(frozen=True, slots=True)
class Files:
    """What was read.

    Attributes:
        document: the TOML with id, cells, prompts and reference filled in, ready for the schema.
        assigned: starter cell → names that it binds at top level.
        functions: reference function → its parameter names.
        content: bytes that define the exercise, for its hash.
    """

    document: Mapping[str, Any]
    toml_name: str
    assigned: Mapping[str, frozenset[str]]
    functions: Mapping[str, tuple[str, ...]]
    content: bytes


def parse_toml(path: Path, name: str) -> tuple[dict[str, Any], list[Problem]]:
    """A TOML file's table, or the problem that kept it from being read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [Problem(name, "(file)", "TOML in UTF-8", str(error))]


def read_exercise(course: Path, exercise_id: str) -> tuple[Files | None, list[Problem]]:
    """All files of an exercise; problems for what is missing or cannot be read."""
    folder = course / "exercises" / exercise_id
    toml_name = f"exercises/{exercise_id}/exercise.toml"
    document, problems = parse_toml(folder / "exercise.toml", toml_name)
    for key in FROM_FILES:
        if key in document:
            problems.append(
                Problem(toml_name, key, "no such key (it comes from the folder's files)", "it")
            )
    cells, more = _starter(folder / "starter.py", f"exercises/{exercise_id}/starter.py")
    problems += more
    prompts, more = _prompts(folder, exercise_id, [cell["name"] for cell in cells])
    problems += more
    reference = course / "solutions" / exercise_id / "reference.py"
    functions, more = signatures(reference, f"solutions/{exercise_id}/reference.py")
    problems += more
    if not document:
        return None, problems
    document |= {
        "id": exercise_id,
        "cells": cells,
        "prompts": prompts,
        "headings": _headings(prompts),
        "folder": str(folder),
        "reference": str(reference),
        "functions": functions,
    }
    inputs = [folder / "exercise.toml", folder / "starter.py", reference]
    inputs += sorted(folder.glob("prompt.*.md"))
    content = b"\0".join(path.read_bytes() for path in inputs if path.is_file())
    document["digest"] = hashlib.sha256(content).hexdigest()
    assigned = {cell["name"]: assigned_names(cell["source"]) for cell in cells}
    return Files(document, toml_name, assigned, functions, content), problems


def percent_cells(text: str) -> list[tuple[str | None, bool, str]]:
    """(name, locked, source) of the code cells of a percent script."""
    import jupytext  # noqa: PLC0415 - slow to import, and not needed to read results

    notebook = jupytext.reads(text, fmt="py:percent")
    return [
        (cell.metadata.get("name"), bool(cell.metadata.get("locked", False)), cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def _starter(path: Path, name: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    if not path.is_file():
        return [], [Problem(name, "(file)", "a starter in percent format", "no such file")]
    cells: list[dict[str, Any]] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, (cell, locked, source) in enumerate(percent_cells(path.read_text("utf-8"))):
        key = f"cell {index + 1}"
        if not isinstance(cell, str) or not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", cell):
            problems.append(Problem(name, key, 'a name such as name="first-pass"', repr(cell)))
            continue
        if cell in seen:
            problems.append(Problem(name, key, "a name that no other cell has", repr(cell)))
            continue
        seen.add(cell)
        try:
            parse(source)
        except SyntaxError as error:
            problems.append(Problem(name, cell, "Python", f"{error.msg} (line {error.lineno})"))
        cells.append({"name": cell, "source": source, "locked": locked})
    if not cells:
        problems.append(Problem(name, "(file)", "at least one code cell", "none"))
    return cells, problems


def _headings(prompts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Of `**2. A vector.** …`, the text before a cell in one language: `2. A vector`."""
    found: dict[str, dict[str, str]] = {}
    for language, texts in prompts.items():
        for cell, text in texts.items():
            heading = _HEADING.match(text)
            if cell and heading is not None:
                found.setdefault(cell, {})[language] = heading[1].replace("`", "").rstrip(" .:。：")
    return found


def _prompts(
    folder: Path, exercise_id: str, cells: list[str]
) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    prompts: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("prompt.*.md")):
        language = path.name.removeprefix("prompt.").removesuffix(".md")
        name = f"exercises/{exercise_id}/{path.name}"
        parts = _MARK.split(path.read_text("utf-8"))
        texts = {"": parts[0].strip()}
        for cell, text in zip(parts[1::2], parts[2::2], strict=True):
            if cell not in cells:
                problems.append(
                    Problem(name, f"cell: {cell}", f"one of {', '.join(cells)}", "no such cell")
                )
            texts[cell] = text.strip()
        prompts[language] = texts
    if not prompts:
        problems.append(
            Problem(f"exercises/{exercise_id}", "prompt.en.md", "a prompt in one language", "none")
        )
    return prompts, problems


def assigned_names(source: str) -> frozenset[str]:
    """Names that a cell binds at its top level (assignments, functions, classes, imports)."""
    try:
        tree = parse(source)
    except SyntaxError:
        return frozenset()
    names: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            names |= {(a.asname or a.name).split(".")[0] for a in statement.names}
        else:
            names |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return frozenset(names)


def signatures(path: Path, name: str) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """Public functions of a reference file and their parameters, without running it."""
    if not path.is_file():
        return {}, [Problem(name, "(file)", "a reference", "no such file")]
    try:
        tree = parse(path.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        return {}, [Problem(name, "(file)", "Python", str(error))]
    return {
        node.name: tuple(
            a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        )
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }, []
