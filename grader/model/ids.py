"""How ids of a notebook's cells are made, by the release that writes and the stage that reads."""

from __future__ import annotations

import hashlib
import re

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 64  # nbformat 4.5


def legal_id(raw: str, *, plain: bool) -> str:
    """`raw` as a legal cell id: itself where it is `plain` and fits, else with a digest."""
    legal = re.sub(r"[^A-Za-z0-9_-]", "-", raw)
    if plain and legal == raw and len(raw) <= _LONGEST:
        return raw
    return f"{legal[:51]}-{hashlib.sha256(raw.encode()).hexdigest()[:12]}"


def cell_id(exercise: str, cell: str) -> str:
    """The id of a cell of an exercise: legal, at most 64 characters, another for each cell."""
    plain = all(_KEBAB.fullmatch(part) for part in (exercise, cell))
    return legal_id(f"{exercise}--{cell}" if plain else f"{exercise}\0{cell}", plain=plain)
