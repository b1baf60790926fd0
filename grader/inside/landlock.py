"""Landlock by system call: which files this process and all that follow from it may touch.

linux/landlock.h. Works from ABI 1 on; rights that the running kernel does not know are left out.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_TCP = 0b11
_SCOPES = 0b11  # abstract sockets, signals


def abi() -> int:
    """The ABI of the running kernel; 0 where there is no Landlock."""
    if not hasattr(ctypes, "CDLL") or os.name != "posix":
        return 0
    return max(0, int(ctypes.CDLL(None).syscall(_CREATE_RULESET, None, 0, _VERSION)))


def _handled(version: int) -> int:
    bits = 13 + (version >= 2) + (version >= 3) + (version >= 5)
    return (1 << bits) - 1


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Allow reading (and executing) `readable` and everything in `writable`, and nothing else.

    No TCP from ABI 4 on, no signals and no abstract sockets of others from ABI 6 on. Paths that do
    not exist are passed over. No new privileges must have been ruled out before.

    Raises:
        OSError: the kernel refused.
    """
    library = ctypes.CDLL(None, use_errno=True)
    version = abi()
    handled = _handled(version)
    attribute = struct.pack(
        "=QQQ", handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0
    )
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _call(library, _CREATE_RULESET, attribute, size, 0)
    try:
        for paths, rights in ((readable, _READ), (writable, (1 << 16) - 1)):
            for path in paths:
                _allow(library, ruleset, path, rights & handled)
        _call(library, _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(library: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _FILE_RIGHTS
        rule = struct.pack("=Qi", rights, place)
        _call(library, _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def _call(library: ctypes.CDLL, number: int, *arguments: int | bytes) -> int:
    wide = [a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
    result = int(library.syscall(ctypes.c_long(number), *wide))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {os.strerror(code)}")
    return result
