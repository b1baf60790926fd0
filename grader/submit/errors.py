"""The errors of handing in."""

from __future__ import annotations

import errno
from pathlib import Path

from grader.errors import CallError, SubmissionError


class DeliveryError(CallError, SubmissionError):
    """Nothing was handed in, and why: a call that cannot work, in a catalog text students read."""


_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def not_written(error: OSError, path: Path) -> DeliveryError:
    """`error`, which came up when writing `path`, as a student reads it."""
    if error.errno in _FORBIDDEN:
        return DeliveryError("submit.error-permission", file=str(path))
    if error.errno in _FULL:
        return DeliveryError("submit.error-full", file=str(path))
    return DeliveryError(
        "submit.error-write", file=str(path), reason=error.strerror or type(error).__name__
    )
