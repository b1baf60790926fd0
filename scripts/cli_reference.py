"""Writes docs/reference/cli.md from the commands' own help: `python scripts/cli_reference.py`."""

from __future__ import annotations

import enum
import inspect
import types
import typing
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from grader.cli import command_line

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "cli.md"
_HEAD = """\
# The command line

Written by `make docs` from the commands' own help; a test keeps it current. `grader COMMAND --help`
says the same.

Exit codes: 0 done, whatever the score; 1 something to fix, or not everybody is graded; 2 the call
or the files are wrong; 3 the machine lacks something.
"""
_TYPES = {str: "text", int: "whole number", float: "number", Path: "path"}


def commands() -> Iterator[tuple[str, Any]]:
    """(full name, command) of all commands that are shown, groups walked through."""

    def below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        if command.hidden:
            return
        if hasattr(command, "commands"):
            for word, inner in command.commands.items():
                yield from below(f"{name} {word}", inner)
        else:
            yield name, command

    yield from below("grader", typer.main.get_command(command_line()))


def page() -> str:
    """The whole page."""
    found = list(commands())
    listed = "\n".join(
        f"- [{name}](#{name.replace(' ', '-')}): {_text(command.help)[0]}"
        for name, command in found
    )
    return "\n".join([_HEAD, listed, "", *(_entry(*one) for one in found)]).rstrip() + "\n"


def _entry(name: str, command: Any) -> str:
    of = typing.get_type_hints(inspect.unwrap(command.callback))
    arguments = [p for p in command.params if not p.opts[0].startswith("-")]
    options = [p for p in command.params if p.opts[0].startswith("-") and p.name in of]
    usage = " ".join([name, *map(_placed, arguments), *(["[OPTIONS]"] if options else [])])
    rows = [_row(f"`{_metavar(p)}`", p, of[p.name]) for p in arguments]
    rows += [_row(_spellings(p), p, of[p.name]) for p in options]
    table = ["| | takes | by default | |", "|---|---|---|---|", *rows, ""] if rows else []
    return "\n".join(
        [f"## {name}", "", f"    {usage}", "", "\n\n".join(_text(command.help)), "", *table]
    )


def _text(help: str | None) -> list[str]:
    """The paragraphs of a docstring, lines joined; indented ones (examples) become one block."""
    paragraphs: list[str] = []
    for block in inspect.cleandoc(help or "").replace("\b", "").split("\n\n"):
        if not block.strip():
            continue
        if not block.startswith("    "):
            paragraphs.append(" ".join(block.split()))
        elif paragraphs and paragraphs[-1].startswith("    "):
            paragraphs[-1] += "\n" + block.strip("\n")
        else:
            paragraphs.append(block.strip("\n"))
    return paragraphs


def _metavar(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name).strip("[]").upper()


def _placed(parameter: Any) -> str:
    word = _metavar(parameter) + ("…" if parameter.nargs == -1 else "")
    return word if parameter.required else f"[{word}]"


def _spellings(parameter: Any) -> str:
    named = ", ".join(f"`{spelling}`" for spelling in parameter.opts)
    return named + "".join(f" / `{spelling}`" for spelling in parameter.secondary_opts)


def _row(name: str, parameter: Any, annotation: Any) -> str:
    takes = _takes(annotation, parameter)
    help = " ".join((parameter.help or "").split())
    cells = (name, takes, _default(parameter), help)
    # what looks like a tag would vanish from the page
    safe = (cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells)
    return "| " + " | ".join(safe) + " |"


def _takes(annotation: Any, parameter: Any) -> str:
    """What may be given, in words: from the annotation, for typer's own types are not public."""
    origin = typing.get_origin(annotation)
    if origin in {typing.Union, types.UnionType}:
        first = next(one for one in typing.get_args(annotation) if one is not types.NoneType)
        return _takes(first, parameter)
    if origin is typing.Literal:
        return _either(map(str, typing.get_args(annotation)))
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return f"{_takes(typing.get_args(annotation)[0], parameter)}, more than once"
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return _either(str(one.value) for one in annotation)
    if annotation is bool:
        return ""
    if parameter.metavar and parameter.opts[0].startswith("-"):
        return f"{parameter.metavar}"
    return _TYPES[annotation] + _bounds(parameter)


def _either(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _bounds(parameter: Any) -> str:
    low, high = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if low is None and high is None:
        return ""
    return f", {low:g} or more" if high is None else f", {low:g} to {high:g}"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "must be given"
    default = parameter.default
    if isinstance(default, enum.Enum):
        default = default.value
    if isinstance(default, bool):
        return "yes" if default else ""
    if isinstance(default, int | float):
        return f"`{default:g}`"
    return f"`{default}`" if default else ""


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    half = PAGE.with_suffix(".half")
    half.write_text(page(), "utf-8")
    half.replace(PAGE)
    print(f"{PAGE}: {len(list(commands()))} commands")
