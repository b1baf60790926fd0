"""The folder that `grader submit --to` delivers into: `<assignment>/<student>/attempt-<n>.json`."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from grader.intake.layouts.reading import Claim, Handed, Part, Reading, Tree, nobodys, small
from grader.intake.layouts.several import one_assignment
from grader.intake.listing import File
from grader.intake.names import shown
from grader.intake.times import parse
from grader.model.intake import Moment
from grader.model.submission import Message

_RECEIPT = re.compile(r"attempt-[1-9][0-9]{0,8}\.json")
_STORED = re.compile(r"(?P<time>[0-9]{8}T[0-9]{6}Z)-[0-9a-f]{12}(-[0-9]{1,9})?\.ipynb")
_LARGEST = 100_000  # bytes of a receipt


def read(tree: Tree) -> Reading | None:
    """The reading, if there are receipts, of one assignment or of several.

    Raises:
        IntakeError: `intake.error-assignment`, for several assignments of which none is named.
    """
    files = list(tree.files)
    depths = {len(file.parts) for file in files if _RECEIPT.fullmatch(file.parts[-1])}
    if depths == {3}:
        assignment = one_assignment(
            {file.parts[0] for file in files if len(file.parts) > 2}, tree.assignment
        )
        files = [file.below(1) for file in files if file.parts[0] == assignment]
    elif depths != {2}:
        return None
    matched: dict[str, list[File]] = defaultdict(list)
    for file in files:
        if len(file.parts) == 2:
            matched[file.parts[0]].append(file)
    handed: list[Handed] = []
    conflicts: list[Message] = []
    for folder, found in sorted(matched.items()):
        handed += _handed(folder, found, conflicts)
    receipts = sum(bool(_RECEIPT.fullmatch(file.parts[-1])) for file in files)
    return Reading(
        "receipts",
        (Message("intake.by-receipts", {"count": receipts}),),
        tuple(handed),
        nobodys([file for file in files if len(file.parts) != 2]),
        tuple(conflicts),
        ignored=len(tree.files) - len(files),
    )


def _handed(folder: str, files: list[File], conflicts: list[Message]) -> list[Handed]:
    """One attempt for each notebook, with what its receipt says."""
    receipts: dict[str, tuple[File, Mapping[str, Any]]] = {}
    notebooks = []
    for file in files:
        if not _RECEIPT.fullmatch(file.parts[1]):
            notebooks.append(file)
        elif (receipt := _receipt(file)) and isinstance(stored := receipt.get("stored"), str):
            receipts[stored.rpartition("/")[2]] = (file, receipt)
        else:
            conflicts.append(Message("intake.unreadable-receipt", {"path": file.path}))
    return [_attempt(folder, file, receipts.get(file.parts[1])) for file in notebooks]


def _receipt(file: File) -> Mapping[str, Any] | None:
    try:
        content = json.loads(small(file, _LARGEST) or b"")
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _attempt(folder: str, file: File, found: tuple[File, Mapping[str, Any]] | None) -> Handed:
    stored = _STORED.fullmatch(file.parts[1])
    time = parse(stored["time"]) if stored else None
    claim = Claim(key=folder, source="folder", place=file.path, said=folder, id=folder)
    name, digest = "", ""
    if found is not None:
        receipt, content = found
        student, said, name, digest = (
            shown(value) if isinstance(value := content.get(key), str) else ""
            for key in ("student", "time", "file", "sha256")
        )
        time = parse(said) or time
        if student:
            claim = Claim(
                key=folder, source="receipt", place=receipt.path, said=student, id=student
            )
    name = name.replace("\\", "/").rpartition("/")[2]
    inside = (name if name.lower().endswith((".ipynb", ".py")) else file.parts[1],)
    moment = Moment(time, "receipt") if time else None
    return Handed((claim,), (Part(inside, file),), moment, sha256=digest or None)
