"""The texts of the catalogue: one TOML file a language beside each matcher."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from grader.parsing import parse

FIELDS = ("title", "explanation", "try_next", "read_on")
PLACE = re.compile(r"\{([a-z_]+)\}")


@cache
def texts(id: str, language: str) -> Mapping[str, str]:
    """The texts of a misconception, in English where a language is not there.

    `title`, `explanation` and `try_next` may hold `{name}` for a parameter of the diagnosis;
    `read_on` is an https address.

    Raises:
        KeyError: there is no misconception of that id.
    """
    if re.fullmatch(r"[a-z]+(-[a-z]+)*", id) is None:
        raise KeyError(id)
    folder = files("grader.diagnose.catalogue") / id.replace("-", "_")
    wanted = language if re.fullmatch(r"[a-z]{2}", language) else "en"
    for name in (wanted, "en"):
        file = folder / f"{name}.toml"
        if file.is_file():
            found = tomllib.loads(file.read_text("utf-8"))
            return MappingProxyType({field: str(found[field]).strip() for field in FIELDS})
    raise KeyError(id)


@cache
def snippets(id: str) -> tuple[str, str]:
    """A misconception as a few lines of Python: the mistake and its remedy, "" where not there.

    Their docstrings are for whoever reads the catalogue, in English; students are not shown them.
    """
    folder = files("grader.diagnose.catalogue") / id.replace("-", "_")
    found = [folder / name for name in ("wrong.py", "right.py")]
    wrong, right = (_bare(file.read_text("utf-8")) if file.is_file() else "" for file in found)
    return wrong, right


def _bare(source: str) -> str:
    """The code without docstrings, and without comments."""
    lines: list[str | None] = [*source.split("\n")]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start[0] - 1, token.start[1]
            lines[row] = (lines[row] or "")[:column].rstrip() or None
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            told = node.body[0]
            for row in range(told.lineno - 1, told.end_lineno or told.lineno):
                lines[row] = None
    return "\n".join(line for line in lines if line is not None).strip()


def filled(text: str, params: Mapping[str, str | int | float]) -> str:
    """`text` with its `{name}` places filled; nothing but plain names is looked up."""
    return PLACE.sub(lambda place: _said(params.get(place[1], "…")), text)


def plain(text: str) -> str:
    """`text` for a reader who has no numbers of their own: each place is an ellipsis."""
    return PLACE.sub("…", text)


def _said(value: str | int | float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
