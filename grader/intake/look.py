"""A look at a notebook's bytes, in which nothing is parsed but a few short values.

Whole notebooks are hostile and are parsed in a disposable process when they are graded. Here only
the content's digest is wanted, whether a release of ours is in it, and what it says of its author.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from grader.intake.layouts import Part
from grader.intake.names import natural, shown
from grader.model.intake import EARLIEST, Source

MAX_SEARCHED = 20_000_000  # bytes; in larger ones only the digest is taken
_LONGEST = 4_000
_MOST = 20
# In JSON a quote inside a string is escaped, so these bytes can only be a key.
_STAMP = re.compile(rb'"grader"\s{0,99}:\s{0,99}\{')
_AUTHORS = re.compile(rb'"authors"\s{0,99}:\s{0,99}(?=\[)')
_EXECUTED = re.compile(rb'"executionInfo"\s{0,99}:\s{0,99}(?=\{)')  # Colab puts it into cells


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: the content's SHA-256, whether it is stamped, and the names of authors."""

    sha256: str
    stamped: bool = False
    authors: tuple[str, ...] = ()


def look(source: Source) -> Look:
    """Read all of a source once.

    Raises:
        SubmissionError: it cannot be read, or its archive is broken.
    """
    if source.size > MAX_SEARCHED:
        return Look(source.sha256())
    with closing(source.open()) as stream:
        data = stream.read()
    authors = tuple(dict.fromkeys(name for name in _authors(data) if name))
    return Look(hashlib.sha256(data).hexdigest(), _STAMP.search(data) is not None, authors[:_MOST])


def within(part: Part, seen: Look) -> tuple[object, ...]:
    """The place of a notebook among those that were handed in at once, of which the last counts.

    A release of ours stands behind others, then goes the platform's order, the file's own time, and
    its name.
    """
    file = part.file
    changed = file.changed.time if file.changed else EARLIEST
    return (seen.stamped, part.order, changed, natural(file.path))


def _authors(data: bytes) -> Iterator[str]:
    for value in _values(data, _AUTHORS):
        for author in value if isinstance(value, list) else []:
            name = author.get("name") if isinstance(author, dict) else author
            yield shown(name) if isinstance(name, str) else ""
    for value in _values(data, _EXECUTED):
        user = value.get("user") if isinstance(value, dict) else None
        name = user.get("displayName") if isinstance(user, dict) else None
        yield shown(name) if isinstance(name, str) else ""


def _values(data: bytes, key: re.Pattern[bytes]) -> Iterator[object]:
    for count, found in enumerate(key.finditer(data)):
        if count == _MOST:
            return
        text = data[found.end() : found.end() + _LONGEST].decode("utf-8", "replace")
        try:
            yield json.JSONDecoder().raw_decode(text)[0]
        except (ValueError, RecursionError):
            continue
