"""Files that appear whole, and never in the place of others."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)  # on Windows
_NO_LINKS = {
    errno.EPERM,
    errno.EACCES,
    errno.ENOSYS,
    errno.EMLINK,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.EINVAL,
}


def publish(path: Path, data: bytes) -> None:
    """Write `data` to the new file `path`, so that others see all of it or nothing.

    It is written beside `path` under another name, flushed to the disk, and then linked, which
    fails where something is there already. Where a file system has no hard links (FAT, some network
    shares), `path` itself is created exclusively, and removed again if writing fails.

    Raises:
        FileExistsError: `path` is there.
        OSError: it cannot be written; no file is left behind.
    """
    temporary = path.with_name(
        f".{secrets.token_hex(8)}.tmp"
    )  # shorter than any name it stands for
    try:
        _create(temporary, data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _create(path, data)
        except (AttributeError, NotImplementedError):
            _create(path, data)
    finally:
        with suppress(OSError):
            temporary.unlink()
    _flush_folder(path.parent)


def _create(path: Path, data: bytes) -> None:
    """A new file with `data` in it, on the disk, or no file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _flush_folder(folder: Path) -> None:
    """Make the new name durable; not every system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
