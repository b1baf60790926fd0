"""Piles of files to take in: real folders and real zips, with times that stay the same."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

CHANGED = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
SCRIPT = b"# %%\nx = 1\n"


def notebook(source: str = "x = 1", **metadata: object) -> bytes:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "source": source}
    cells = [cell | {"execution_count": None}]
    document = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document).encode()


@dataclass(frozen=True)
class Entry:
    """One entry of a zip, for what a mapping of names cannot say."""

    name: str
    data: bytes = b""
    mode: int = stat.S_IFREG | 0o644
    raw_name: bytes | None = None
    method: int = zipfile.ZIP_DEFLATED
    extra: bytes = b""


class _Raw(zipfile.ZipInfo):
    """An entry whose name is written as these bytes, not marked as UTF-8."""

    raw: bytes

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.raw, self.flag_bits & ~0x800


def zipped(files: Mapping[str, bytes] | list[Entry]) -> bytes:
    entries = [Entry(*item) for item in files.items()] if isinstance(files, Mapping) else files
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for entry in entries:
            info = _info(entry)
            info.external_attr = entry.mode << 16
            info.compress_type = entry.method
            info.extra = entry.extra
            archive.writestr(info, entry.data)
    return target.getvalue()


def _info(entry: Entry) -> zipfile.ZipInfo:
    date = CHANGED.timetuple()[:6]
    if entry.raw_name is None:
        info = zipfile.ZipInfo("x", date)
        info.filename = entry.name  # as it is: the constructor would mend some names
        return info
    raw = _Raw(entry.name or "x", date)
    raw.raw = entry.raw_name
    return raw


def laid_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The files in a folder, all changed at the same time."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (CHANGED.timestamp(), CHANGED.timestamp()))
    return folder


def saved(path: Path, files: Mapping[str, bytes] | list[Entry]) -> Path:
    """The files in a zip."""
    path.write_bytes(zipped(files))
    return path
