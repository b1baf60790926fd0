"""Reads what was handed in: whatever it is, a valid notebook (nbformat 4.5) or a `SubmissionError`.

The notebook is built anew from the parts that are believed; nothing else of the input survives.
Kept are the cells' kinds, sources and ids, and what the release wrote into the metadata.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import nbformat

from grader.errors import SubmissionError
from grader.model.submission import Message
from grader.notebook import document, script
from grader.notebook.language import other_language
from grader.notebook.load import check_size, display_name
from grader.notebook.messages import MESSAGES
from grader.notebook.plain import TooMuchError, plain, repaired, short_text

MAX_CELLS = 2000
MAX_CELL = 1_000_000  # characters
MAX_SOURCE = 5_000_000
NOTABLE_OUTPUTS = 5_000_000  # bytes from which leaving outputs out is worth a word
NOTICES = "grader_notices"
MADE_ID = "_made-"  # begins the ids that cells without one get
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KINDS = {"code": "code", "markdown": "markdown", "raw": "raw", "html": "markdown"}


def read(data: bytes, name: str, *, exercises: bool = True) -> nbformat.NotebookNode:
    """A valid notebook without outputs, with unique ids; `notices` tells what was repaired.

    `name` is the file's name: one that ends in `.py` is read as a percent script. Without
    `exercises` those that its stamp holds are left out, for who knows them from elsewhere.

    Raises:
        SubmissionError: it cannot be read; see `MESSAGES`.
    """
    name = display_name(name)
    check_size(len(data), name)
    try:
        if name.lower().endswith(".py"):
            check_size(len(data), name, script.MAX_BYTES)
            _check_count(script.marks(data), name)
            return _build(script.parse(data, name), name, 0, exercises)
        content, saved = document.parse(data, name)
        return _build(content, name, saved, exercises)
    except MemoryError:
        raise SubmissionError("input.too-complex", name=name) from None


def notices(notebook: Mapping[str, Any]) -> tuple[Message, ...]:
    """What `read` did to the notebook."""
    metadata = notebook.get("metadata")
    found = metadata.get(NOTICES) if isinstance(metadata, Mapping) else None
    return tuple(
        Message(item["id"], dict(item["params"]))
        for item in (found if isinstance(found, list) else [])
        if isinstance(item, Mapping)
        and isinstance(item.get("params"), Mapping)
        and tuple(item["params"]) == MESSAGES.get(str(item.get("id")))
        and all(isinstance(value, str | int | float) for value in item["params"].values())
    )


def _build(content: object, name: str, saved: int, exercises: bool) -> nbformat.NotebookNode:
    if not isinstance(content, Mapping):
        raise SubmissionError("input.not-a-notebook", name=name)
    major, minor = _version(content, name)
    found = _raw_cells(content, name)
    _check_count(len(found), name)
    metadata = content.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    language, said = other_language(metadata, found)
    if language is not None:
        raise SubmissionError("input.other-language", name=name, found=language)
    notes: list[Message] = []
    if major < 4:
        notes.append(Message("notice.upgraded", {"found": f"{major}.{minor}"}))
    elif minor > nbformat.current_nbformat_minor:
        notes.append(Message("notice.newer-minor", {"found": f"{major}.{minor}"}))
    if not said and not name.lower().endswith(".py"):
        notes.append(Message("notice.language-assumed"))
    if saved >= NOTABLE_OUTPUTS:
        notes.append(Message("notice.outputs-dropped", {"megabytes": round(saved / 1e6, 1)}))
    cells, repairs = _cells(found, old=(major, minor) < (4, 5))
    _check_sources(cells, name)
    notes += [Message(id, {"count": count}) for id, count in repairs.items() if count]
    built: nbformat.NotebookNode = nbformat.from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": _metadata(metadata, notes, exercises),
            "cells": cells,
        }
    )
    return built


def _version(content: Mapping[str, Any], name: str) -> tuple[int, int]:
    major, minor = _whole(content.get("nbformat")), _whole(content.get("nbformat_minor"))
    if major is None:
        major = 3 if "worksheets" in content else 4
    if major < 1:
        raise SubmissionError("input.not-a-notebook", name=name)
    if major > nbformat.current_nbformat:
        newest = f"{nbformat.current_nbformat}.{nbformat.current_nbformat_minor}"
        raise SubmissionError("input.too-new", name=name, found=str(major)[:10], newest=newest)
    return major, minor if minor is not None and minor >= 0 else 0


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value == value // 1 and abs(value) < 1e9 else None


def _raw_cells(content: Mapping[str, Any], name: str) -> list[Any]:
    cells = content.get("cells")
    if isinstance(cells, list):
        found = list(cells)
    elif isinstance(content.get("worksheets"), list) and cells is None:  # nbformat 2 and 3
        sheets = [s.get("cells") for s in content["worksheets"] if isinstance(s, Mapping)]
        found = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    else:
        raise SubmissionError("input.not-a-notebook", name=name)
    if not found:
        raise SubmissionError("input.no-cells", name=name)
    return found


def _cells(found: list[Any], *, old: bool) -> tuple[list[dict[str, Any]], dict[str, int]]:
    count = dict.fromkeys(("cells-dropped", "cells-repaired", "text-repaired", "ids-repaired"), 0)
    cells: list[dict[str, Any]] = []
    seen: set[str] = set()
    for position, raw in enumerate(found):
        if not isinstance(raw, Mapping):
            count["cells-dropped"] += 1
            continue
        kind, source, sound = _content(raw)
        clean = repaired(source)
        id = _given_id(raw.get("id"), seen)
        count["cells-repaired"] += not sound
        count["text-repaired"] += clean != source
        count["ids-repaired"] += id is None and not old
        cell: dict[str, Any] = {
            "cell_type": kind,
            "id": id or _made_id(position, seen),
            "metadata": _cell_metadata(raw.get("metadata")),
            "source": clean,
        }
        seen.add(cell["id"])
        cells.append(cell if kind != "code" else cell | {"outputs": [], "execution_count": None})
    return cells, {f"notice.{key}": value for key, value in count.items()}


def _given_id(id: object, seen: set[str]) -> str | None:
    return id if isinstance(id, str) and _ID.fullmatch(id) and id not in seen else None


def _made_id(position: int, seen: set[str]) -> str:
    candidates = (f"{MADE_ID}{position}-{n}" for n in range(len(seen) + 1))
    return next(id for id in candidates if id not in seen)


def _content(raw: Mapping[str, Any]) -> tuple[str, str, bool]:
    """A cell's kind and text, and whether it was as the format has it."""
    given = raw.get("cell_type")
    lower = given.lower() if isinstance(given, str) else ""
    text = raw.get("source")
    if text is None:
        text = raw.get("input", raw.get("code"))  # nbformat 3 and 1
    source, sound = _joined(text)
    sound = sound and given == lower
    if lower == "heading":  # nbformat 3
        level = _whole(raw.get("level")) or 1
        return "markdown", "#" * max(1, min(level, 6)) + " " + " ".join(source.split()), sound
    # A cell of no known kind is run: that costs other cells nothing, and may be an answer.
    return _KINDS.get(lower, "code"), source, sound and lower in _KINDS


def _joined(text: object) -> tuple[str, bool]:
    if isinstance(text, str):
        return text, True
    if isinstance(text, list):
        lines = [line for line in text if isinstance(line, str)]
        return "".join(lines), len(lines) == len(text)
    return "", False


def _cell_metadata(metadata: object) -> dict[str, Any]:
    """What the release wrote (`grader`), or an author in a percent script (`name`, `exercise`)."""
    if not isinstance(metadata, Mapping):
        return {}
    kept: dict[str, Any] = {}
    ours = metadata.get("grader")
    if isinstance(ours, Mapping):
        texts = {key: short_text(ours.get(key)) for key in ("exercise", "cell", "prompt")}
        kept["grader"] = {key: value for key, value in texts.items() if value is not None}
        if ours.get("prompt") == "":
            kept["grader"]["prompt"] = ""
    for key in ("name", "exercise"):
        value = short_text(metadata.get(key))
        if value is not None:
            kept[key] = value
    return kept


def _metadata(metadata: Mapping[str, Any], notes: list[Message], exercises: bool) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        NOTICES: [{"id": note.id, "params": dict(note.params)} for note in notes],
    }
    ours = metadata.get("grader")
    if isinstance(ours, Mapping):
        if not exercises and isinstance(ours.get("assignment"), Mapping):
            ours = {**ours, "assignment": {**ours["assignment"], "exercises": []}}
        with suppress(TooMuchError):  # not one that we wrote: a notebook without a stamp
            kept["grader"] = plain(ours)
    return kept


def _check_count(cells: int, name: str) -> None:
    if cells > MAX_CELLS:
        raise SubmissionError("input.too-many-cells", name=name, cells=cells, limit=MAX_CELLS)


def _check_sources(cells: list[dict[str, Any]], name: str) -> None:
    if not any(cell["source"].strip() for cell in cells):
        raise SubmissionError("input.no-cells", name=name)
    for position, cell in enumerate(cells, start=1):
        if len(cell["source"]) > MAX_CELL:
            raise SubmissionError(
                "input.cell-too-large",
                name=name,
                cell=position,
                kilobytes=len(cell["source"]) // 1000,
                limit=MAX_CELL // 1000,
            )
    total = sum(len(cell["source"]) for cell in cells)
    if total > MAX_SOURCE:
        raise SubmissionError(
            "input.too-much-source", name=name, kilobytes=total // 1000, limit=MAX_SOURCE // 1000
        )
