"""Folders and archives that hold nothing but another one, and archives of an instructor's."""

from __future__ import annotations

from dataclasses import replace

from grader.errors import SubmissionError
from grader.intake.layouts import Tree
from grader.intake.listing import Listing
from grader.intake.options import Options
from grader.intake.sources import Archive
from grader.intake.zips import list_archive
from grader.model.intake import Source

MOST_WRAPPERS = 8


def in_archive(source: Source, within: tuple[str, ...], options: Options) -> Listing:
    """The files of an archive, which stays open; raises as `list_archive` does."""
    limits = options.limits
    archive = Archive(source, limits.directory_bytes(limits.files), kept=True)
    return list_archive(archive, limits, within=within, encoding=options.encoding)


def unwrapped(tree: Tree, listing: Listing, options: Options) -> tuple[Tree | None, Listing]:
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
        inner = in_archive(first.source, (*first.within, *first.parts), options)
    except SubmissionError:
        return None, listing  # it is refused as a student's
    listing = Listing(
        inner.files,
        listing.refused + inner.refused,
        listing.ignored + inner.ignored,
        listing.notes + inner.notes,
    )
    return replace(tree, name=first.parts[0].rpartition(".")[0], files=inner.files), listing
