"""Where content lies, and how it is read: within bounds, and never under a stranger's name."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tempfile
import threading
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from grader.errors import SubmissionError
from grader.intake.names import shown
from grader.model.intake import Source

CHUNK = 1 << 16
_IN_MEMORY = 4_000_000  # bytes of a member that are held without a temporary file
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)  # on Windows
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


class _Reading(ABC):
    """What a source can do once it can be opened."""

    @abstractmethod
    def open(self) -> BinaryIO:
        """A stream of its bytes."""

    def read(self) -> bytes:
        with closing(self.open()) as stream:
            return stream.read()

    def sha256(self) -> str:
        with closing(self.open()) as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


@dataclass(frozen=True)
class FileSource(_Reading):
    """A file on disk, which must be the regular file of that size that it was when it was seen."""

    path: Path
    size: int

    def open(self) -> BinaryIO:
        """The file; raises as `Source.open`."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | _NO_FOLLOW | _BINARY)
            stream = os.fdopen(descriptor, "rb")
            status = os.fstat(descriptor)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise unreadable(self.path.name, reason) from error
        if not stat.S_ISREG(status.st_mode) or status.st_size != self.size:
            stream.close()
            raise unreadable(self.path.name, "it has changed")
        return stream


def unreadable(name: str, reason: str) -> SubmissionError:
    """The error for what cannot be read."""
    return SubmissionError("intake.unreadable", name=shown(name), reason=reason)


class _Guarded(io.RawIOBase):
    """A stream of which no more than `limit` bytes are read at once.

    `zipfile` reads an archive's table of contents in one piece, as long as the archive says it is:
    this is where a table of ten million entries ends.
    """

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._limit = limit

    def read(self, size: int = -1) -> bytes:
        if size > self._limit:
            raise zipfile.BadZipFile("table of contents too long")
        return self._stream.read(self._limit if size < 0 else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        super().close()


class Archive:
    """A zip archive. One that is `kept` stays open while it lives; others are opened at every use.

    The instructor's is kept, so that its table of contents is read once and not for each of a
    thousand files; those that students hand in are not, so that a thousand of them hold nothing.
    """

    def __init__(self, source: Source, directory_bytes: int, *, kept: bool = False) -> None:
        self.source = source
        self._directory_bytes = directory_bytes
        self._kept = kept
        self._lock = threading.Lock()
        self._opened: zipfile.ZipFile | None = None

    @contextmanager
    def use(self) -> Iterator[zipfile.ZipFile]:
        """The archive, open; several threads may have a kept one.

        Raises:
            one of `BROKEN`: it is none.
            SubmissionError, OSError: it cannot be read.
        """
        if not self._kept:
            with _Guarded(self.source.open(), self._directory_bytes) as stream:
                yield zipfile.ZipFile(cast(Any, stream))
            return
        with self._lock:
            if self._opened is None:
                stream = _Guarded(self.source.open(), self._directory_bytes)
                self._opened = zipfile.ZipFile(cast(Any, stream))
        yield self._opened


@dataclass(frozen=True)
class MemberSource(_Reading):
    """A file in an archive, by its place in the archive's table of contents."""

    archive: Archive
    index: int
    size: int
    name: str

    def open(self) -> BinaryIO:
        """The content, unpacked into memory or a nameless temporary file; raises as `Source.open`.

        No more than `size` bytes are unpacked, and the archive's checksum must hold.
        """
        target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        try:
            with self.archive.use() as archive:
                info = archive.infolist()[self.index]
                with archive.open(info) as stream:
                    while chunk := stream.read(CHUNK):
                        target.write(chunk)
        except BROKEN as error:
            target.close()
            raise SubmissionError("intake.broken", name=shown(self.name)) from error
        except OSError as error:
            target.close()
            raise unreadable(self.name, error.strerror or str(error)) from error
        except BaseException:
            target.close()
            raise
        if target.tell() != self.size:  # less than it says; zipfile looks at the checksum only
            target.close()
            raise SubmissionError("intake.broken", name=shown(self.name))
        target.seek(0)
        return cast(BinaryIO, target)
