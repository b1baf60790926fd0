"""What files there are in a folder or an archive: each one is listed, or refused with a reason."""

from __future__ import annotations

import os
import stat
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import SubmissionError
from grader.intake.limits import Limits
from grader.intake.names import DEEPEST, decode, junk, parts, shown, too_long, wrong_name
from grader.intake.sources import BROKEN, Archive, FileSource, MemberSource
from grader.model.intake import Moment, Refusal, Source
from grader.model.submission import Message

_UNPACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_UTF8 = 0x800
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be read. `within` is where it is listed, `parts` its name from there."""

    parts: tuple[str, ...]
    source: Source
    changed: Moment | None = None
    within: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where it lies, for people."""
        return "/".join((*self.within, *self.parts))

    def below(self, count: int) -> File:
        """The same file, its first `count` components left out of `parts`."""
        return replace(self, parts=self.parts[count:], within=self.within + self.parts[:count])


@dataclass(frozen=True, slots=True)
class Listing:
    """Files in a fixed order, what was refused, and what was noticed."""

    files: tuple[File, ...] = ()
    refused: tuple[Refusal, ...] = ()
    ignored: int = 0
    notes: tuple[Message, ...] = ()


@dataclass(slots=True)
class _Found:
    files: list[File] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    ignored: int = 0
    encodings: Counter[str] = field(default_factory=Counter)

    def refuse(self, path: str, message: Message) -> None:
        self.refused.append(Refusal(shown(path, 300), message))

    def listing(self) -> Listing:
        notes = tuple(
            Message("intake.names-decoded", {"encoding": encoding, "count": count})
            for encoding, count in sorted(self.encodings.items())
        )
        files = sorted(self.files, key=lambda file: file.parts)
        return Listing(tuple(files), tuple(self.refused), self.ignored, notes)


def list_folder(folder: Path, limits: Limits, encoding: str | None = None) -> Listing:
    """The regular files below a folder; links are not followed, devices and pipes not opened."""
    found = _Found()
    for seen, (path, names, status) in enumerate(_walk(folder, (), found)):
        if seen == limits.files:
            found.refuse("/".join(names), Message("intake.too-many", {"limit": limits.files}))
            break
        pieces = _decoded(names, encoding, found)
        shape = _wrong_shape(status.st_mode)
        if shape is None and junk(pieces):
            found.ignored += 1
        elif wrong := shape or _wrong_piece(pieces) or _too_large(status.st_size, limits):
            found.refuse("/".join(pieces), wrong)
        else:
            changed = Moment(datetime.fromtimestamp(status.st_mtime, UTC), "file")
            found.files.append(File(pieces, FileSource(path, status.st_size), changed))
    return found.listing()


def _walk(
    folder: Path, above: tuple[str, ...], found: _Found
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


def _decoded(names: tuple[str, ...], encoding: str | None, found: _Found) -> tuple[str, ...]:
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


def _wrong_shape(mode: int) -> Message | None:
    if stat.S_ISLNK(mode):
        return Message("intake.link")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return Message("intake.special")
    return None


def _too_large(size: int, limits: Limits) -> Message | None:
    if size <= limits.file_bytes:
        return None
    megabytes = {"megabytes": round(size / 1e6, 1), "limit": round(limits.file_bytes / 1e6, 1)}
    return Message("intake.too-large", megabytes)


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
    name = within[-1] if within else ""
    try:
        with archive.use() as opened:
            infos = list(opened.infolist())
    except BROKEN as error:
        raise SubmissionError("intake.not-a-zip", name=shown(name)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise SubmissionError("intake.unreadable", name=shown(name), reason=reason) from error
    found = _Found()
    texts = [_text(info, encoding, found) for info in infos]
    last = {text: index for index, text in enumerate(texts)}
    allowed = (
        (limits.files, limits.download_bytes)
        if left is None
        else (limits.handed_files, limits.handed_bytes)
    )
    files_left, bytes_left = allowed if left is None else left
    for index, (info, text) in enumerate(zip(infos, texts, strict=True)):
        pieces = parts(text)
        wrong = _wrong_shape(info.external_attr >> 16) or wrong_name(text)
        if wrong is None and info.is_dir():
            continue
        if wrong is None and junk(pieces):
            found.ignored += 1
            continue
        files_left -= 1
        if files_left < 0:
            too_many = Message("intake.too-many", {"limit": allowed[0]})
            found.refuse("/".join((*within, text)), too_many)
            break
        if wrong is None and last[text] != index:
            wrong = Message("intake.duplicate-entry")
        wrong = wrong or _wrong_entry(info, limits)
        if wrong is None and info.file_size > bytes_left:
            wrong = Message("intake.too-much", {"limit": round(allowed[1] / 1e6, 1)})
        if wrong is not None:
            found.refuse("/".join((*within, text)), wrong)
            continue
        bytes_left -= info.file_size
        source = MemberSource(archive, index, info.file_size, pieces[-1])
        found.files.append(File(pieces, source, _changed(info), within))
    return found.listing()


def _text(info: zipfile.ZipInfo, encoding: str | None, found: _Found) -> str:
    """An entry's name; `zipfile` has read as CP437 what is not marked as UTF-8."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    text, used = decode(info.orig_filename.encode("cp437"), encoding)
    if not text.isascii() and used != "utf-8":
        found.encodings[used] += 1
    return text


def _wrong_entry(info: zipfile.ZipInfo, limits: Limits) -> Message | None:
    if info.flag_bits & _ENCRYPTED:
        return Message("intake.encrypted")
    if info.compress_type not in _UNPACKED:
        return Message("intake.compression", {"found": info.compress_type})
    if too_large := _too_large(info.file_size, limits):
        return too_large
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
