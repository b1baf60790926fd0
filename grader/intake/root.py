"""What an instructor names, opened: its files, and the layout that they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from grader.errors import SubmissionError
from grader.intake.downloads import Found, find_downloads, together
from grader.intake.errors import IntakeError
from grader.intake.folders import changed, list_folder
from grader.intake.layouts import Reading, Tree, named, recognise
from grader.intake.listing import File, Listing
from grader.intake.names import is_notebook
from grader.intake.options import Options
from grader.intake.sources import FileSource
from grader.intake.wrappers import MOST_WRAPPERS, in_archive, unwrapped

_PLATFORMS = ("canvas", "moodle", "gradescope")


def open_root(
    path: Path,
    options: Options,
    roster: Path | None = None,
    belongs: Callable[[str], bool] = lambda _: False,
) -> tuple[Listing, Reading]:
    """List what lies at `path`, without the roster, and recognise its layout.

    A folder or an archive that holds nothing but another one is a wrapper and is looked through;
    downloads of platforms that lie beside each other are read by their own layouts. Beside
    students' own files one hands in for nobody, unless `options.kind` says what lies there.
    `belongs` says whether a name is somebody's of the roster.

    Raises:
        IntakeError: `intake.error-…`.
    """
    listing = _listed(path, options)
    if roster is not None:
        listing = replace(listing, files=tuple(f for f in listing.files if not _is(f, roster)))
    if not listing.files and not listing.refused:
        raise IntakeError("intake.error-empty", path=str(path))
    tree = Tree(path.resolve().name, listing.files, options.assignment)
    by_name = options.kind in ("flat", "folders")
    wrapper: Tree | None = None
    for _ in range(MOST_WRAPPERS):
        reading = None if by_name else recognise(tree, options.kind)
        if reading is not None:
            return listing, _with_nobodys_archives(reading, tree, options, belongs)
        inner, listing = unwrapped(tree, listing, options)
        if inner is None:
            break
        wrapper, tree = tree, inner
    found = Found() if by_name else find_downloads(tree, options, belongs)
    own = named.read(found.left_of(tree))
    if found.downloads and own.handed and options.kind is None:
        # One of those beside may have packed it, to hand in for others.
        found, own = found.doubted(), named.read(tree)
    if found.downloads:
        return listing, together(own, found)
    if options.kind is not None and not by_name:
        raise IntakeError("intake.error-layout", path=str(path), kind=options.kind)
    reading = named.read(tree)
    if wrapper is not None and len(reading.handed) == 1 and reading.kind == "flat":
        reading = named.read(wrapper)  # one student's folder, not a wrapper
    return listing, together(reading, found)


def _with_nobodys_archives(
    reading: Reading, tree: Tree, options: Options, belongs: Callable[[str], bool]
) -> Reading:
    """The reading with the downloads among the archives that its layout has no student for."""
    refused = {refusal.path for refusal in reading.refused}
    loose = replace(tree, files=tuple(file for file in tree.files if file.path in refused))
    found = find_downloads(loose, options, belongs)
    if reading.kind not in _PLATFORMS:  # students may write into their folders themselves
        found = found.doubted()
    left = tuple(refusal for refusal in reading.refused if refusal.path not in found.taken)
    return together(replace(reading, refused=left), found)


def _listed(path: Path, options: Options) -> Listing:
    if path.is_dir():
        return list_folder(path, options.limits, options.encoding)
    try:
        status = path.stat()
        source = FileSource(path.resolve(), status.st_size)
        with source.open() as stream:
            zipped = stream.read(2) == b"PK"
    except FileNotFoundError as error:
        raise IntakeError("intake.error-missing", path=str(path)) from error
    except (OSError, ValueError, SubmissionError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IntakeError("intake.error-unreadable", path=str(path), reason=reason) from error
    if not zipped and (is_notebook(path.name) or path.suffix.lower() == ".py"):
        return Listing((File((path.name,), source, changed(status)),))
    try:
        return in_archive(source, (), options)
    except SubmissionError as error:
        raise IntakeError("intake.error-kind", path=str(path)) from error


def _is(file: File, path: Path) -> bool:
    source = file.source
    return isinstance(source, FileSource) and source.path.resolve() == path.resolve()
