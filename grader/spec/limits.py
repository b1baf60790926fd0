"""`exercises/course.toml`: the limits of all assignments that do not set their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.errors import Problem
from grader.model.exercise import Limits
from grader.spec.files import parse_toml
from grader.spec.rules import problems_of_limits
from grader.spec.schema import build

NAME = "exercises/course.toml"


def course_limits(course: Path) -> tuple[Mapping[str, Any], list[bytes], list[Problem]]:
    """The table `[limits]`, the file's bytes (for the hash) and what is wrong with it.

    A course needs no such file.
    """
    path = course / NAME
    if not path.is_file():
        return {}, [], []
    document, problems = parse_toml(path, NAME)
    problems += [
        Problem(NAME, key, "the table [limits] and nothing else", "it")
        for key in document
        if key != "limits"
    ]
    table = document.get("limits", {})
    if not isinstance(table, dict):
        return {}, [], [*problems, Problem(NAME, "limits", "a table", repr(table))]
    built, more = build(Limits, table, NAME)
    problems += more
    if built is not None:
        problems += problems_of_limits(built, NAME)
    return table, [path.read_bytes()], problems
