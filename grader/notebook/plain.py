"""Copies of hostile JSON data, within bounds."""

from __future__ import annotations

import math
import re
from typing import Any

MAX_DEPTH = 32
MAX_COST = 4_000_000  # characters, and one for each node
_SURROGATE = re.compile("[\ud800-\udfff]")


class TooMuchError(ValueError):
    """The data is deeper or larger than anything that we wrote ourselves."""


def plain(value: Any) -> Any:
    """A copy of JSON data made of dict, list, str, int, float, bool and None.

    Raises:
        TooMuchError: it is too deep or too large, or something else is in it.
    """
    return _Copy().of(value, 0)


class _Copy:
    def __init__(self) -> None:
        self.left = MAX_COST

    def of(self, value: Any, depth: int) -> Any:
        self._pay(1)
        if depth > MAX_DEPTH:
            raise TooMuchError("too deep")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            self._pay(len(value))
            return repaired(value)
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            # Most of it is texts by their names: those are not gone into.
            if value and depth == MAX_DEPTH:
                raise TooMuchError("too deep")
            return {
                self.text(key): self.text(v) if type(v) is str else self.of(v, depth + 1)
                for key, v in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.of(item, depth + 1) for item in value]
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else None
        raise TooMuchError(f"a {type(value).__name__}")

    def text(self, value: str) -> str:
        self._pay(1 + len(value))
        return repaired(value)

    def _pay(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise TooMuchError("too large")


def repaired(text: str) -> str:
    """`text` with halves of surrogate pairs replaced: they cannot be written, sent or compiled."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text) if not text.isascii() else text


def short_text(value: Any, limit: int = 200) -> str | None:
    """`value` where it is a printable string of 1 to `limit` characters, else None."""
    if isinstance(value, str) and 0 < len(value) <= limit and value.isprintable():
        return value
    return None
