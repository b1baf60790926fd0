"""Writes a released notebook and its companion files: all of them, or none."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from grader.errors import CallError


def write(
    path: Path, data: bytes, companions: Mapping[str, bytes] | None = None, *, force: bool = False
) -> tuple[Path, ...]:
    """Write `data` to `path`, and `companions` (relative name → content) beside it.

    Each file appears whole or not at all, the notebook last. A file that is there already with the
    same content is left alone.

    Returns:
        The files that were written.

    Raises:
        CallError: a file is there with other content (and not `force`), a companion
            would land elsewhere, or the place cannot be written to. Nothing was changed, unless
            the disk failed between two files.
    """
    if not path.parent.is_dir():
        raise CallError(f"{path.parent}: expected a folder to write {path.name} to, found none")
    wanted = {_beside(path, name): content for name, content in (companions or {}).items()}
    if path in wanted:
        raise CallError(f"{path}: a companion file has the notebook's own name")
    wanted[path] = data
    new = {file: content for file, content in wanted.items() if _differs(file, content, force)}
    staged: dict[Path, Path] = {}
    try:
        for file, content in new.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            staged[file] = _stage(file, content)
        for file, temporary in staged.items():
            temporary.replace(file)
    except OSError as error:
        place = error.filename or path
        raise CallError(f"{place}: cannot write ({error.strerror or error})") from error
    finally:
        for temporary in staged.values():
            with suppress(OSError):
                temporary.unlink()
    return tuple(new)


def _beside(path: Path, name: str) -> Path:
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ":" in name or ".." in parts.parts or not parts.parts:
        raise CallError(f"{name!r}: expected a companion file below the notebook's folder")
    return path.parent.joinpath(*parts.parts)


def _differs(file: Path, content: bytes, force: bool) -> bool:
    """Whether `file` has to be written; refuses to replace other content without `force`."""
    if file.is_dir():
        raise CallError(f"{file}: expected a file's name, found a folder")
    try:
        there = file.read_bytes()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise CallError(f"{file}: cannot write ({error.strerror or error})") from error
    if there != content and not force:
        raise CallError(
            f"{file} is there already, with other content. Choose another name, or overwrite it "
            "with --force."
        )
    return there != content


def _stage(file: Path, content: bytes) -> Path:
    """A temporary file beside `file` with its content, on the disk, with the usual permissions."""
    temporary = file.with_name(f".{file.name[:80]}.{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary


_BINARY = getattr(os, "O_BINARY", 0)  # on Windows
