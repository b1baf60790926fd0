"""Text of strangers made safe to read: bounded, nothing invisible, nothing that reorders a line.

Escaping for HTML or for a terminal comes on top and is the caller's: this module is about what
remains dangerous when markup is inert, such as bidirectional overrides (CVE-2021-42574), terminal
escapes, lone surrogates that cannot be encoded, and ten megabytes on one line.
"""

from __future__ import annotations

import re

ANSI = re.compile(
    r"\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]"  # CSI: colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)"  # OSC and other strings: titles, links
    r"|\x1b[ -/]{0,8}[0-~]"
    r"|\x9b[0-?]{0,64}[ -/]{0,8}[@-~]"
)
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0"
    r"\ufff0-\ufffb\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
    r"|(?<![\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d"  # a joiner outside an emoji
)
_MARKS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
BLANKS = re.compile(r"^ |  | $")
STACKED = re.compile(f"({_MARKS}{{3}}){_MARKS}+")
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_CELL_FILE = re.compile(r" ?\(\d+\.py, line \d+\)$")


def visible(text: str) -> str:
    """`text` with every control and format character shown as a sign of its own.

    Newlines and tabs stay. A control character becomes its picture (`␛`), others `⟨U+202E⟩`;
    stacks of combining marks are cut to three.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text  # most of what is handed in; the search below costs ten times as much
    return STACKED.sub(r"\1", UNSEEN.sub(_sign, text))


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def strip_ansi(text: str) -> str:
    """`text` without terminal escape sequences."""
    return ANSI.sub("", text)


def one_line(text: str, limit: int = 300) -> str:
    """`text` for use inside a sentence: visible, on one line, at most `limit` characters."""
    if len(text) <= limit and text.isascii() and text.isprintable() and not BLANKS.search(text):
        return text  # most of what is shown; what follows costs ten times as much
    head = strip_ansi(text[: 4 * limit])
    line = visible(" ".join(head.split()))
    cut = len(line) > limit or len(text) > 4 * limit
    return line[: limit - 1] + "…" if cut else line


def source_lines(source: str) -> str:
    r"""`source` with Python's line ends (`\r\n`, `\r`) as `\n`, so that line numbers hold."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


def clip(text: str, limit: int, lines: int, width: int = 1000) -> tuple[str, int]:
    """The beginning of `text` within bounds, and how many characters were left out."""
    kept = text[:limit].split("\n")[:lines]
    whole = "\n".join(kept)
    shown = "\n".join(line if len(line) <= width else line[: width - 1] + "…" for line in kept)
    long = sum(len(line) - width + 1 for line in kept if len(line) > width)
    return shown, len(text) - len(whole) + long


def without_file(text: str) -> str:
    """What Python says, without the shell's own name of the cell: `… (3478135239.py, line 3)`."""
    return _CELL_FILE.sub("", text)


def printed(text: str) -> str:
    """Output as a terminal would leave it: escapes gone, overwritten progress lines dropped."""
    lines = strip_ansi(text.replace("\r\n", "\n")).split("\n")
    return visible("\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in lines))
