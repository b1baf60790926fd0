"""Python source as numbered, highlighted lines.

One regular expression finds comments, strings, numbers and words; a page needs no more of Python
than that, and a full lexer costs ten times as much. Tests hold it against Pygments.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from markupsafe import Markup

from grader.report.inert import clip, source_lines, visible

SOURCE_LIMIT = 20_000
LINES = 400
CONTEXT = 1  # lines around the one in question
EXCERPT = 400  # characters of a line in an excerpt
_TOKEN = re.compile(
    r"""
    (?P<c>\#[^\n]*)
  | (?P<s>(?:(?<!\w)[rbuftRBUFT]{1,2})?
      (?:\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z) | '''(?:\\.|[^\\])*?(?:'''|\Z)
       | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'?))
  | (?P<n>(?<![\w.])(?:0[xXbBoO][\da-fA-F_]+
      | (?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?))
  | (?P<w>(?<![^\W\d])[^\W\d]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS = frozenset(keyword.kwlist)
_BUILTINS = frozenset(
    name
    for name, value in vars(builtins).items()
    if not name.startswith("_")
    and not (isinstance(value, type) and issubclass(value, BaseException))
)


class CodeLine(NamedTuple):
    """One line of source: its number from 1, its HTML, and whether a finding speaks of it."""

    number: int
    html: str
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
        CodeLine(number, line, number in marked)
        for number, line in enumerate(_lines(visible(shown)), start=1)
    )
    return lines, left_out


@lru_cache(maxsize=256)
def _lines(source: str) -> tuple[str, ...]:
    """The HTML of each line. Given cells and the catalogue's snippets are everybody's."""
    return tuple("".join(_coloured(source)).split("\n"))


def excerpt(lines: tuple[CodeLine, ...], line: int) -> tuple[CodeLine, ...]:
    """The lines around the one in question, which is marked; () where there is no such line."""
    if not 0 < line <= len(lines):
        return ()
    near = lines[max(0, line - 1 - CONTEXT) : line + CONTEXT]
    return tuple(CodeLine(one.number, one.html, one.number == line) for one in near)


def counted(lines: Sequence[CodeLine]) -> bool:
    """Whether the lines begin at 1, so that the style sheet counts them: numbers are kilobytes."""
    return bool(lines) and lines[0].number == 1


def listing(lines: Sequence[CodeLine]) -> Markup:
    """The lines as HTML, one element each; made here, since a template escapes every piece."""
    number = "" if counted(lines) else '<i aria-hidden="true">{}</i>'
    return Markup(
        "".join(
            f'<span class="{"l m" if line.marked else "l"}">{number.format(line.number)}'
            f"{line.html}\n</span>"
            for line in lines
        )
    )


def _coloured(source: str) -> Iterator[str]:
    """HTML in pieces; a span never reaches over the end of a line."""
    at, before = 0, ""
    for found in _TOKEN.finditer(source):
        kind, text = found.lastgroup or "", found[0]
        if kind == "w":
            kind = _word(text, before, source[at : found.start()])
            before = text
        if found.start() > at:
            yield escape(source[at : found.start()], quote=False)
        at = found.end()
        if not kind:
            yield escape(text, quote=False)
        elif "\n" in text:
            yield "\n".join(_span(kind, part) if part else "" for part in text.split("\n"))
        else:
            yield _span(kind, text)
    yield escape(source[at:], quote=False)


def _word(text: str, before: str, between: str) -> str:
    """The class of a word, from the word before it and what stands between."""
    if text in _KEYWORDS:
        return "k"
    if before in ("def", "class") and between.strip(" ") == "":
        return "f"
    if between.endswith("@") and between.strip(" \t").rpartition("\n")[2].strip() == "@":
        return "f"
    return "b" if text in _BUILTINS and not between.endswith(".") else ""


def _span(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escape(text, quote=False)}</span>'
