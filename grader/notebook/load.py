"""A file's bytes, or why there are none."""

from __future__ import annotations

import stat
from pathlib import Path

from grader.errors import SubmissionError

MAX_BYTES = 100_000_000


def load(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The content of `path`, never more than `limit` bytes of it in memory.

    Raises:
        SubmissionError: `input.missing`, `input.directory`, `input.not-a-file`, `input.unreadable`,
            `input.too-large`.
    """
    name = display_name(path.name or str(path))
    try:
        status = path.stat()
        mode, size = status.st_mode, status.st_size
        if stat.S_ISDIR(mode):
            raise SubmissionError("input.directory", name=name)
        if not stat.S_ISREG(mode):  # a FIFO would block for ever, a device would never end
            raise SubmissionError("input.not-a-file", name=name)
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise SubmissionError("input.missing", name=name) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise SubmissionError("input.unreadable", name=name, reason=reason) from error
    check_size(max(len(data), size) if len(data) > limit else len(data), name, limit)
    return data


def check_size(size: int, name: str, limit: int = MAX_BYTES) -> None:
    """Refuse what is over `limit` bytes."""
    if size > limit:
        megabytes = round(size / 1e6, 1)
        raise SubmissionError(
            "input.too-large", name=name, megabytes=megabytes, limit=round(limit / 1e6, 1)
        )


def display_name(name: str) -> str:
    """A file's name as it may be shown: one printable line of bounded length."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in last)
    return shown if len(shown) <= 120 else shown[:59] + "…" + shown[-60:]
