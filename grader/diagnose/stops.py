"""Cells of a student's that did not run to their end: facts, whatever any check says of them.

An exercise may have no check that its reader sees beside such a cell, and its diagnosis may be
about something else; that the cell stopped is still to be said. Nothing here hangs on a verdict.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from grader.diagnose.code import numbered, parsed, shown
from grader.model.exercise import Assignment, ChoiceCheck, EventCheck, Exercise
from grader.model.observation import Capture, CellObservation, Raised
from grader.model.submission import Message, Submission, SubmittedCell
from grader.parsing import nodes_of, parse

How = Literal["error", "letter", "syntax", "timeout", "crashed"]

MESSAGES: Mapping[str, tuple[str, ...]] = {
    f"notice.stopped.{how}": ("exercise", "index", "begins", "code", "line", "error", "answer")
    for how in ("error", "letter", "syntax", "timeout", "crashed")
}
"""`index` of the cell; `begins` its first line; `code` the line that it stopped at, `line` its
number, 0 where unknown; `answer` what was to be written where a letter lacks its quotation marks.
"""

_SYNTAX = ("SyntaxError", "IndentationError", "TabError", "_IncompleteInputError")
_PLACE = re.compile(r"\s*\([^()]*, line (\d+)\)$")
_UNKNOWN = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a cell stopped, and how: by an error, before its first line, at its limit, for good.

    `line` is 1-based, None where unknown; `error` is what Python said, on one line.
    """

    how: How
    line: int | None
    error: str = ""
    answer: str = ""


def notices(
    assignment: Assignment, submission: Submission, capture: Capture
) -> tuple[Message, ...]:
    """What stopped in the student's cells of each exercise, except by an error that was asked for.

    A notebook with names of its own has no cells of an exercise: then there is none.
    """
    exercises = {exercise.id: exercise for exercise in assignment.exercises}
    observed = {cell.cell: cell for cell in capture.cells}
    found = []
    name: str | None = None
    for cell in submission.cells:
        name = cell.name or name
        exercise = exercises.get(cell.exercise or "")
        seen = observed.get(cell.index)
        if exercise is None or seen is None or cell.locked or cell.kind != "code":
            continue
        one = stop(exercise, cell, seen)
        if one is not None and not (seen.error and _asked(exercise, name, seen.error)):
            params: dict[str, str | int | float] = {
                "exercise": exercise.id,
                "index": cell.index,
                "begins": numbered(cell.source, None),
                "code": numbered(cell.source, one.line),
                "line": one.line or 0,
                "error": one.error,
                "answer": one.answer,
            }
            found.append(Message(f"notice.stopped.{one.how}", params))
    return tuple(found)


def stop(exercise: Exercise, cell: SubmittedCell, seen: CellObservation) -> Stop | None:
    """How a cell stopped; None where it ran to its end, was not run, or nothing is known of it."""
    error = seen.error
    if seen.status == "timeout":
        return Stop("timeout", error.line if error else _loop(cell.source))
    if seen.status == "crashed":
        return Stop("crashed", None)
    if error is None:
        return None
    own = "(<string>, line" not in error.text  # of the cell, not of what it gave to `eval`
    if error.type in _SYNTAX and own and parsed(cell.source) is None:
        return _unread(cell.source, error)
    said = shown(f"{error.type}: {_first(error.text)}".removesuffix(": "))
    answer = _letter(exercise, cell, error)
    return Stop("letter" if answer else "error", error.line, said, answer)


def _first(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")


def _unread(source: str, error: Raised) -> Stop:
    """A cell that is not Python, by the line where the mistake stands, as far as Python knows it.

    The shell says no more than `incomplete input` of what is open at the end, and names the last
    line; Python's parser names the bracket. It is asked too where the shell names no line.
    """
    text, line = _PLACE.sub("", _first(error.text)), error.line or _named(source, error)
    if "incomplete input" in text or line is None:
        try:
            parse(source)
        except SyntaxError as own:
            at = numbered(source, own.lineno)
            if not at.startswith(("%", "!", "?")):
                text, line = own.msg, own.lineno
        except (ValueError, RecursionError, MemoryError):
            pass
    if line is None:
        return Stop("error", None, shown(f"{error.type}: {text}"))
    return Stop("syntax", line, shown(text))


def _named(source: str, error: Raised) -> int | None:
    """The line that an error's text ends with; the shell does not count empty ones at the top."""
    place = _PLACE.search(_first(error.text))
    if place is None or source.lstrip().startswith("%%"):
        return None
    lines = source.splitlines()
    line = int(place[1]) + next((n for n, text in enumerate(lines) if text.strip()), 0)
    return line if 0 < line <= len(lines) else None


def _letter(exercise: Exercise, cell: SubmittedCell, error: Raised) -> str:
    """The assignment that was meant by `why = c`, where `c` is an option of the question."""
    unknown = _UNKNOWN.match(error.text) if error.type == "NameError" else None
    tree = parsed(cell.source)
    if unknown is None or tree is None:
        return ""
    questions = [check for check in exercise.checks if isinstance(check, ChoiceCheck)]
    for node in nodes_of(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Name):
            continue
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        for check in questions if node.value.id == unknown[1] else ():
            options = {option.casefold(): option for option in check.options}
            option = options.get(unknown[1].casefold())
            if option is not None and check.value in names:
                return f'{check.value} = "{option}"'
    return ""


def _loop(source: str) -> int | None:
    """The first line that repeats something for as long as it takes."""
    tree = parsed(source)
    lines = [n.lineno for n in nodes_of(tree) if isinstance(n, ast.While)] if tree else []
    return min(lines, default=None)


def _asked(exercise: Exercise, cell: str | None, error: Raised) -> bool:
    """Whether the exercise wants this very exception in that cell."""
    return any(
        raised in error.text and where in (None, cell) for where, raised in _wanted(exercise)
    )


def _wanted(exercise: Exercise) -> Iterator[tuple[str | None, str]]:
    for check in exercise.checks:
        if isinstance(check, EventCheck) and check.raised is not None:
            selector = exercise.events.get(check.event)
            yield selector.cell if selector else None, check.raised
