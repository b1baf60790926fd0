"""What files there are in a folder."""

from __future__ import annotations

import os
import stat
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from grader.intake.limits import Limits
from grader.intake.listing import File, Found, Listing, too_large, wrong_shape
from grader.intake.names import DEEPEST, SUBMITTED, decode, junk, shown, too_long, wrong_name
from grader.intake.sources import FileSource
from grader.model.intake import Moment
from grader.model.submission import Message


def list_folder(folder: Path, limits: Limits, encoding: str | None = None) -> Listing:
    """The regular files below a folder; links are not followed, devices and pipes not opened."""
    found = Found()
    for seen, (path, names, status) in enumerate(_walk(folder, (), found)):
        if seen == limits.files:
            found.refuse("/".join(names), Message("intake.too-many", {"limit": limits.files}))
            break
        pieces = _decoded(names, encoding, found)
        shape = wrong_shape(status.st_mode)
        if shape is None and junk(pieces):
            found.ignored += 1
        elif wrong := shape or _wrong_piece(pieces) or too_large(status.st_size, limits):
            found.refuse("/".join(pieces), wrong)
        else:
            source = FileSource(path, status.st_size)
            found.files.append(File(pieces, source, changed(status)))
    if found.files:
        _refuse_empty(folder, encoding, found)
    return found.listing()


def _refuse_empty(folder: Path, encoding: str | None, found: Found) -> None:
    """Refuse folders at the top in which nothing is left: each may be a student's.

    Not so in a course of nbgrader's, whose students are further down.
    """
    told = {file.parts[0] for file in found.files}
    if SUBMITTED in told:
        return
    told |= {refusal.path.partition("/")[0] for refusal in found.refused}
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        (name,) = _decoded((entry.name,), encoding, Found())
        if {name, shown(name, 300)} & told or junk((name, "")):
            continue
        if entry.is_dir(follow_symlinks=False):
            found.refuse(name, Message("intake.empty-folder"))


def changed(status: os.stat_result) -> Moment | None:
    """When a file was changed last; None for a time beyond the year 9999 or before the first."""
    try:
        return Moment(datetime.fromtimestamp(status.st_mtime, UTC), "file")
    except (ValueError, OverflowError, OSError):
        return None


def _walk(
    folder: Path, above: tuple[str, ...], found: Found
) -> Iterator[tuple[Path, tuple[str, ...], os.stat_result]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        found.refuse("/".join(above) or folder.name, _unreadable(folder.name, error))
        return
    for entry in entries:
        names = (*above, entry.name)
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            found.refuse("/".join(names), _unreadable(entry.name, error))
            continue
        if not stat.S_ISDIR(status.st_mode):
            yield Path(entry.path), names, status
        elif len(names) < DEEPEST:
            yield from _walk(Path(entry.path), names, found)
        else:
            found.refuse("/".join(names), too_long())


def _unreadable(name: str, error: OSError) -> Message:
    reason = error.strerror or str(error)
    return Message("intake.unreadable", {"name": shown(name), "reason": reason})


def _decoded(names: tuple[str, ...], encoding: str | None, found: Found) -> tuple[str, ...]:
    """Names on disk as text; the bytes of an archive's names may have been left as they were."""
    pieces = []
    for name in names:
        text = name
        if sys.platform != "win32" and any("\udc80" <= c <= "\udcff" for c in name):
            text, used = decode(os.fsencode(name), encoding)
            found.encodings[used] += 1
        pieces.append(unicodedata.normalize("NFC", text))
    return tuple(pieces)


def _wrong_piece(pieces: tuple[str, ...]) -> Message | None:
    """As `wrong_name`, for names in which a backslash is an ordinary character."""
    return wrong_name("./" + "/".join(pieces).replace("\\", "_"))
