"""Python source as numbered, highlighted lines. The page's own small set of token classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]
from pygments.token import (  # type: ignore[import-untyped]
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    String,
    _TokenType,
)

from grader.report.inert import clip, source_lines, visible

SOURCE_LIMIT = 20_000
LINES = 400
CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "c"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (String, "s"),
    (Number, "n"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
    (Name.Builtin, "b"),
)


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of source: its number from 1, its HTML, and whether a finding speaks of it."""

    number: int
    html: Markup
    marked: bool


def highlight(
    source: str, marked: frozenset[int] = frozenset(), limit: int = SOURCE_LIMIT
) -> tuple[tuple[CodeLine, ...], int]:
    """The lines of `source` within bounds, and how many characters were left out.

    The text is made visible (bidi, controls) before it is coloured, so line numbers are Python's.
    """
    raw = source_lines(source).rstrip("\n")
    shown, left_out = clip(raw, limit, LINES)
    lines = tuple(
        CodeLine(number, Markup("").join(parts), number in marked)
        for number, parts in enumerate(_lines(visible(shown)), start=1)
    )
    return lines, left_out


def _lines(source: str) -> Iterator[list[Markup]]:
    line: list[Markup] = []
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for kind, text in _merged(lexer.get_tokens(source)):
        for position, piece in enumerate(text.split("\n")):
            if position:
                yield line
                line = []
            if piece:
                line.append(_span(kind, piece))
    yield line


def _merged(tokens: Iterator[tuple[_TokenType, str]]) -> Iterator[tuple[str, str]]:
    """Neighbouring tokens of one class together: a page of spans costs more than it shows."""
    kind, parts = "", list[str]()
    for token, text in tokens:
        new = next((name for base, name in CLASSES if token in base), "")
        if new != kind:
            yield kind, "".join(parts)
            kind, parts = new, []
        parts.append(text)
    yield kind, "".join(parts)


def _span(kind: str, text: str) -> Markup:
    return Markup('<span class="{}">{}</span>').format(kind, text) if kind else escape(text)
