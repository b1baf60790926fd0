"""Where pages are written: a new folder, a zip, or a course's tree; nothing half written."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from grader.errors import CallError

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip knows: the same pages, the same bytes


class Sink(Protocol):
    """Takes pages, one after the other."""

    def __call__(self, path: str, page: bytes) -> None:
        """Write a page under a relative path with `/`."""


@contextmanager
def sink(output: Path, *, zipped: bool, tree: bool = False) -> Iterator[Sink]:
    """Where pages go: into a zip, a new folder, or (`tree`) into a folder that may have others.

    A zip or new folder appears when all is written, or not at all; in a tree each file does, and
    replaces an earlier one.

    Raises:
        CallError: it cannot be written, or something else is there.
    """
    try:
        if zipped:
            with _zip(output) as write:
                yield write
        elif tree:
            yield lambda path, page: _replace(output / path, page)
        else:
            with _new_folder(output) as write:
                yield write
    except OSError as error:
        raise CallError(f"cannot write {output}: {error.strerror or error}") from error


@contextmanager
def _zip(output: Path) -> Iterator[Sink]:
    with tempfile.NamedTemporaryFile(dir=output.parent, delete=False) as part:
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:

                def write(path: str, page: bytes) -> None:
                    entry = zipfile.ZipInfo(path, _EPOCH)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    entry.external_attr = 0o644 << 16
                    archive.writestr(entry, page)

                yield write
            part.close()
            Path(part.name).replace(output)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


@contextmanager
def _new_folder(output: Path) -> Iterator[Sink]:
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise CallError(
            f"--output: expected a new folder, found {output}, which is not empty. Name another."
        )
    part = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        yield lambda path, page: _replace(part / path, page)
        part.rename(output)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _replace(path: Path, page: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[:100]}.part")
    try:
        part.write_bytes(page)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
