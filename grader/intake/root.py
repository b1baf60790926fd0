"""What an instructor names, opened: its files, and the layout that they have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.errors import SubmissionError
from grader.intake.errors import IntakeError
from grader.intake.folders import changed, list_folder
from grader.intake.layouts import Reading, Tree, named, recognise
from grader.intake.limits import Limits
from grader.intake.listing import File, Listing
from grader.intake.sources import Archive, FileSource
from grader.intake.zips import list_archive
from grader.model.intake import Kind, Source

_MOST_WRAPPERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an instructor may have to say.

    Attributes:
        assignment: which one, where nbgrader's tree or a folder of receipts has several.
        kind: read it as this, whatever it looks like.
        encoding: of names in archives that are not in UTF-8 and do not say what they are in.
        limits: how much is looked at.
    """

    assignment: str | None = None
    kind: Kind | None = None
    encoding: str | None = None
    limits: Limits = field(default_factory=Limits)


def open_root(path: Path, options: Options, roster: Path | None = None) -> tuple[Listing, Reading]:
    """List what lies at `path`, without the roster, and recognise its layout.

    A folder or an archive that holds nothing but another one is a wrapper and is looked through.

    Raises:
        IntakeError: `intake.error-…`.
    """
    listing = _listed(path, options)
    if roster is not None:
        listing = replace(listing, files=tuple(f for f in listing.files if not _is(f, roster)))
    if not listing.files and not listing.refused:
        raise IntakeError("intake.error-empty", path=str(path))
    tree = Tree(path.resolve().name, listing.files, options.assignment)
    wrapper: Tree | None = None
    for _ in range(_MOST_WRAPPERS):
        reading = None if options.kind in ("flat", "folders") else recognise(tree, options.kind)
        if reading is not None:
            return listing, reading
        inner, listing = _unwrapped(tree, listing, options)
        if inner is None:
            break
        wrapper, tree = tree, inner
    if options.kind not in (None, "flat", "folders"):
        raise IntakeError("intake.error-layout", path=str(path), kind=options.kind)
    reading = named.read(tree)
    if wrapper is not None and len(reading.handed) == 1 and reading.kind == "flat":
        return listing, named.read(wrapper)  # one student's folder, not a wrapper
    return listing, reading


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
    if not zipped and path.suffix.lower() in (".ipynb", ".py"):
        return Listing((File((path.name,), source, changed(status)),))
    try:
        return _in_archive(source, (), options)
    except SubmissionError as error:
        raise IntakeError("intake.error-kind", path=str(path)) from error


def _in_archive(source: Source, within: tuple[str, ...], options: Options) -> Listing:
    limits = options.limits
    archive = Archive(source, limits.directory_bytes(limits.files), kept=True)
    return list_archive(archive, limits, within=within, encoding=options.encoding)


def _unwrapped(tree: Tree, listing: Listing, options: Options) -> tuple[Tree | None, Listing]:
    """What the only folder or archive of `tree` holds, and the listing with that."""
    first = tree.files[0] if tree.files else None
    if first is None or any(file.parts[0] != first.parts[0] for file in tree.files):
        return None, listing
    if len(first.parts) > 1:
        files = tuple(file.below(1) for file in tree.files)
        return replace(tree, name=first.parts[0], files=files), listing
    if not first.parts[0].lower().endswith(".zip"):
        return None, listing
    try:
        inner = _in_archive(first.source, (*first.within, *first.parts), options)
    except SubmissionError:
        return None, listing  # it is refused as a student's
    listing = Listing(
        inner.files,
        listing.refused + inner.refused,
        listing.ignored + inner.ignored,
        listing.notes + inner.notes,
    )
    return replace(tree, name=first.parts[0].rpartition(".")[0], files=inner.files), listing


def _is(file: File, path: Path) -> bool:
    source = file.source
    return isinstance(source, FileSource) and source.path.resolve() == path.resolve()
