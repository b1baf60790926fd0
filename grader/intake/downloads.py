"""Downloads of platforms among other things: each is read by its own layout, wherever it lies.

A class's folder may hold what two platforms gave. A zip or folder that can be nothing but a
platform's download is many students'; any other is one student's, and where it looks like a
download all the same, that is a conflict: a student may have packed it, to hand in for others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from grader.errors import SubmissionError
from grader.intake.errors import IntakeError
from grader.intake.layouts import Claim, Reading, Tree, recognise
from grader.intake.layouts.reading import nobodys
from grader.intake.listing import File, Listing
from grader.intake.names import is_notebook
from grader.intake.options import Options
from grader.intake.wrappers import in_archive
from grader.model.intake import Kind, Refusal
from grader.model.submission import Message

_DEEPEST = 4  # folders or archives above one
_MOST_FILES = 10_000  # in one that lies among others; its table of contents is read to find it
_MOST_ARCHIVES = 16  # that are opened inside archives to look for one
_MOST_METADATA = 1_000_000  # bytes of a file that tells whose each is, and is read to know
_METADATA = ("submission_metadata.yml",)
_PLATFORM: Mapping[Kind, str] = {
    "canvas": "Canvas",
    "moodle": "Moodle",
    "gradescope": "Gradescope",
    "nbgrader": "nbgrader",
    "receipts": "grader submit",
}


@dataclass(frozen=True, slots=True)
class Download:
    """One that was found: where it lies, and what it is."""

    place: str
    reading: Reading

    def told(self) -> Message:
        """That it was read by itself."""
        count = len(self.reading.handed)
        params = {"path": self.place, "platform": _PLATFORM[self.reading.kind]}
        return Message("intake.download-inside", {**params, "count": count})


@dataclass(slots=True)
class Found:
    """What a search came to.

    Attributes:
        downloads: each with its reading.
        doubts: conflicts, where something looks like one and was left to a student.
        taken: paths of files that are no student's own.
        refused: files beside downloads that are nobody's.
        archives: the listings of archives that were opened for them.
    """

    downloads: list[Download] = field(default_factory=list)
    doubts: list[Message] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    refused: list[Refusal] = field(default_factory=list)
    archives: list[Listing] = field(default_factory=list)

    def doubted(self) -> Found:
        """Nothing but the doubts, with every download among them."""
        more = [like_a_download(one.place, one.reading.kind) for one in self.downloads]
        return Found(doubts=[*self.doubts, *more])

    def left_of(self, tree: Tree) -> Tree:
        """The tree without what was taken."""
        return replace(tree, files=tuple(f for f in tree.files if f.path not in self.taken))


def like_a_download(place: str, kind: Kind) -> Message:
    """That something looks like a platform's download and was left to a student."""
    return Message("intake.like-a-download", {"path": place, "platform": _PLATFORM[kind]})


def find_downloads(tree: Tree, options: Options, belongs: Callable[[str], bool]) -> Found:
    """The downloads among what lies in `tree`.

    `belongs` says whether a name is somebody's of the roster: what is called so is theirs, and
    hands in for nobody else.
    """
    limits = replace(options.limits, files=min(options.limits.files, _MOST_FILES))
    search = _Search(replace(options, limits=limits), belongs, size=limits.handed_bytes)
    for files in _entries(tree):
        search.look(files, 0, owned=False, nested=False)
    return search.found


def together(own: Reading, found: Found) -> Reading:
    """One reading of what is students' own and of the downloads that were found beside it."""
    persons = {claim.key: (own.kind, claim.said) for one in own.handed for claim in one.claims}
    handed, conflicts, evidence = list(own.handed), [*own.conflicts, *found.doubts], []
    first: dict[str, str] = {}
    for download in found.downloads:
        evidence.append(download.told())
        conflicts += download.reading.conflicts
        here: dict[str, Claim] = {}
        for one in download.reading.handed:
            claims = tuple(_told_apart(claim, download, persons) for claim in one.claims)
            handed.append(replace(one, claims=claims))
            here |= {claim.key: claim for claim in reversed(claims)}
        for key, claim in here.items():
            if (place := first.setdefault(key, claim.place)) != claim.place:
                params = {"student": claim.id or claim.name or key, "one": place}
                conflicts.append(Message("intake.joined", {**params, "other": claim.place}))
    kinds = {download.reading.kind for download in found.downloads}
    kinds |= {own.kind} if own.handed or not kinds else set()
    readings = [download.reading for download in found.downloads]
    parts: tuple[Reading | Listing, ...] = (own, *readings, *found.archives)
    return Reading(
        kind=kinds.pop() if len(kinds) == 1 else "several",
        evidence=(*own.evidence, *evidence, *(n for each in found.archives for n in each.notes)),
        handed=tuple(handed),
        refused=(*found.refused, *(refusal for each in parts for refusal in each.refused)),
        conflicts=tuple(conflicts),
        ignored=sum(each.ignored for each in parts),
    )


def _told_apart(claim: Claim, download: Download, persons: dict[str, tuple[Kind, str]]) -> Claim:
    """The claim with a key of its own, where another download means somebody else by it.

    The same number and name on the same platform are the same person.
    """
    person = (download.reading.kind, claim.said)
    if persons.setdefault(claim.key, person) == person:
        return claim
    return _told_apart(replace(claim, key=f"{claim.key}, {download.place}"), download, persons)


@dataclass(slots=True)
class _Search:
    """Looks for downloads; so many `archives` and bytes (`size`) may be opened inside archives."""

    options: Options
    belongs: Callable[[str], bool]
    found: Found = field(default_factory=Found)
    archives: int = _MOST_ARCHIVES
    size: int = 0

    def look(self, files: tuple[File, ...], depth: int, *, owned: bool, nested: bool) -> None:
        """Look at one folder or file, of which `files` are all.

        `owned`: what is in it is one student's; `nested`: it lies in an archive opened here.
        """
        name = files[0].parts[0]
        place = "/".join((*files[0].within, name))
        tree, listing = self._opened(files, nested=nested)
        if any(f.parts == _METADATA and f.source.size > _MOST_METADATA for f in tree.files):
            self.found.doubts.append(like_a_download(place, "gradescope"))
            return
        try:
            reading = recognise(tree, self.options.kind)
        except IntakeError:  # several assignments, which only these two tell apart
            params = {"path": place, "platform": "nbgrader, grader submit"}
            self.found.doubts.append(Message("intake.like-a-download", params))
            return
        owned = owned or self.belongs(name)
        before = len(self.found.downloads)
        if reading is not None:
            self._judge(Download(place, reading), owned=owned)
        elif depth < _DEEPEST:
            entries = list(_entries(tree))
            beside = len(entries) > 1 and any(_answer(file) for file in tree.files)
            for entry in entries:
                inside = nested or listing is not None
                self.look(entry, depth + 1, owned=owned or beside, nested=inside)
        if len(self.found.downloads) > before:
            self._take(files, tree if reading is None else replace(tree, files=()), listing)

    def _opened(self, files: tuple[File, ...], *, nested: bool) -> tuple[Tree, Listing | None]:
        """What is in a folder or archive, and its listing; nothing where too much was opened."""
        first, name = files[0], files[0].parts[0]
        nothing = Tree(name, (), self.options.assignment)
        if len(first.parts) > 1:
            return replace(nothing, files=tuple(file.below(1) for file in files)), None
        if not _zip(first):
            return nothing, None
        if nested:
            self.archives, self.size = self.archives - 1, self.size - first.source.size
            if self.archives < 0 or self.size < 0:
                return nothing, None
        try:
            listing = in_archive(first.source, (*first.within, name), self.options)
        except SubmissionError:
            return nothing, None  # it is refused as a student's
        return Tree(name.rpartition(".")[0], listing.files, self.options.assignment), listing

    def _judge(self, download: Download, *, owned: bool) -> None:
        parts = [part for one in download.reading.handed for part in one.parts]
        if not owned and _sure(download.reading):
            self.found.downloads.append(download)
        elif any(_answer(part.file) or _zip(part.file) for part in parts):
            self.found.doubts.append(like_a_download(download.place, download.reading.kind))

    def _take(self, files: tuple[File, ...], tree: Tree, listing: Listing | None) -> None:
        """See to what lies in `tree` beside downloads: archives in a folder are a student's."""
        rest = self.found.left_of(tree).files
        if listing is None and any(_zip(file) for file in rest):
            self.found.taken |= {file.path for file in files} - {file.path for file in rest}
            return
        self.found.taken |= {file.path for file in files}
        self.found.refused += nobodys(list(rest))
        self.found.archives += [listing] if listing is not None else []


def _entries(tree: Tree) -> Iterator[tuple[File, ...]]:
    """What lies at the top of a tree: the files of each folder, and each file."""
    files = sorted(tree.files, key=lambda file: file.parts)
    for _, same in groupby(files, key=lambda file: file.parts[0]):
        yield tuple(same)


def _zip(file: File) -> bool:
    return file.parts[-1].lower().endswith(".zip")


def _answer(file: File) -> bool:
    return is_notebook(file.parts[-1]) or file.parts[-1].lower().endswith(".py")


def _sure(reading: Reading) -> bool:
    """Whether nobody would call their own files so.

    Moodle's and Gradescope's signs are unmistakable. Canvas's are numbers between underscores,
    which a student's own files may have too: there every file must fit, with several people whose
    names differ and a number of its own for each file. The trees of nbgrader and of receipts are no
    platform's zip: a student may have packed their own.
    """
    if reading.kind == "moodle":
        return sum(len(one.parts) for one in reading.handed) > len(reading.refused)
    if reading.kind == "gradescope":
        return any(one.claims[0].source == "gradescope" for one in reading.handed)
    if reading.kind != "canvas" or reading.refused:
        return False
    names = [one.claims[0].name or one.claims[0].key for one in reading.handed]
    numbers = [part.order for one in reading.handed for part in one.parts if part.order]
    return len(names) > 1 and len(set(names)) == len(names) and len(set(numbers)) == len(numbers)
