"""What files there are in a zip archive."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

from grader.errors import SubmissionError
from grader.intake.limits import Limits
from grader.intake.listing import File, Found, Listing, too_large, wrong_shape
from grader.intake.names import decode, junk, parts, shown, wrong_name
from grader.intake.sources import BROKEN, Archive, MemberSource
from grader.model.intake import Moment
from grader.model.submission import Message

# The others unpack a whole block at once, however little is asked for: 45 bytes are 900 kB (bzip2).
_UNPACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF8 = 0x800
_ENCRYPTED = 0x1
_UNICODE_PATH = 0x7075


def list_archive(
    archive: Archive,
    limits: Limits,
    *,
    left: tuple[int, int] | None = None,
    within: tuple[str, ...] = (),
    encoding: str | None = None,
) -> Listing:
    """The regular files in a zip archive, each one judged by its entry; nothing is unpacked yet.

    `left` is how many files and bytes a student who handed it in has left; None for what the
    instructor names.

    Raises:
        SubmissionError: `intake.not-a-zip`, `intake.unreadable`.
    """
    most_files, most_bytes = (
        (limits.files, limits.download_bytes)
        if left is None
        else (limits.handed_files, limits.handed_bytes)
    )
    files_left, bytes_left = left if left is not None else (most_files, most_bytes)
    found = Found()
    for index, info, text in _last_of_each(_entries(archive, within), within, encoding, found):
        pieces = parts(text)
        path = "/".join((*within, text))
        if files_left <= 0:
            found.refuse(path, Message("intake.too-many", {"limit": most_files}))
            break
        files_left -= 1
        wrong = wrong_shape(info.external_attr >> 16) or wrong_name(text)
        wrong = wrong or _wrong_entry(info, limits)
        if wrong is None and info.file_size > bytes_left:
            wrong = Message("intake.too-much", {"limit": round(most_bytes / 1e6, 1)})
        if wrong is not None:
            found.refuse(path, wrong)
            continue
        bytes_left -= info.file_size
        source = MemberSource(archive, index, info.file_size, pieces[-1])
        found.files.append(File(pieces, source, _changed(info), within))
    return found.listing()


def _entries(archive: Archive, within: tuple[str, ...]) -> list[zipfile.ZipInfo]:
    name = shown(within[-1]) if within else ""
    try:
        with archive.use() as opened:
            return list(opened.infolist())
    except BROKEN as error:
        raise SubmissionError("intake.not-a-zip", name=name) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise SubmissionError("intake.unreadable", name=name, reason=reason) from error


def _last_of_each(
    infos: Sequence[zipfile.ZipInfo], within: tuple[str, ...], encoding: str | None, found: Found
) -> list[tuple[int, zipfile.ZipInfo, str]]:
    """(place, entry, name) without folders and the system's files, and of a name the last only."""
    last: dict[str, tuple[int, zipfile.ZipInfo, str]] = {}
    for index, info in enumerate(infos):
        text = _text(info, encoding, found)
        wrong = wrong_shape(info.external_attr >> 16) or wrong_name(text)
        if wrong is None and info.is_dir():
            continue
        if wrong is None and junk(parts(text)):
            found.ignored += 1
            continue
        key = "/".join(parts(text)) if wrong is None else f"/{index}"
        if key in last:
            found.refuse("/".join((*within, last[key][2])), Message("intake.duplicate-entry"))
        last[key] = (index, info, text)
    return list(last.values())


def _text(info: zipfile.ZipInfo, encoding: str | None, found: Found) -> str:
    """An entry's name; `zipfile` has read as CP437 what is not marked as UTF-8."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    if (told := _told(raw, info.extra)) is not None:
        return told
    text, used = decode(raw, encoding)
    if not text.isascii() and used != "utf-8":
        found.encodings[used] += 1
    return text


def _told(raw: bytes, extra: bytes) -> str | None:
    """The name that an entry has in UTF-8 beside `raw`, in a field that WinRAR and others write.

    It begins with the checksum of the name for which it stands; renaming may have left it behind.
    """
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and body[:5] == struct.pack("<BI", 1, zlib.crc32(raw)):
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _wrong_entry(info: zipfile.ZipInfo, limits: Limits) -> Message | None:
    if info.flag_bits & _ENCRYPTED:
        return Message("intake.encrypted")
    if info.compress_type not in _UNPACKED:
        return Message("intake.compression", {"found": info.compress_type})
    if wrong := too_large(info.file_size, limits):
        return wrong
    if info.file_size > limits.ratio_from:
        ratio = info.file_size // max(1, info.compress_size)
        if ratio > limits.ratio:
            return Message("intake.bomb", {"ratio": ratio, "limit": limits.ratio})
    return None


def _changed(info: zipfile.ZipInfo) -> Moment | None:
    """An entry's time, which has no zone: UTC serves to order. 1980 stands for none."""
    try:
        time = datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None
    return Moment(time, "archive") if time.year > 1980 else None
