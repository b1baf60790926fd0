"""What a layout makes of a list of files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.errors import SubmissionError
from grader.intake.listing import File
from grader.model.intake import From, Kind, Moment, Refusal
from grader.model.submission import Message

OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")  # which are not opened
_MARK = re.compile(rb"^# ?%%", re.MULTILINE)
_LARGEST_SCRIPT = 5_000_000  # bytes, as `grader.notebook.script` has it


@dataclass(frozen=True, slots=True)
class Tree:
    """Files, the name of the folder or archive that holds them, and which assignment is meant."""

    name: str
    files: tuple[File, ...]
    assignment: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose something is, as one place says.

    Attributes:
        key: equal where the layout says that it is the same person.
        source, place: which place says so.
        said: the words that stand there, to look for somebody of the roster in.
        id, name, email: what they are understood as.
        numbers: platform → its number for the person.
    """

    key: str
    source: From
    place: str
    said: str
    id: str | None = None
    name: str | None = None
    email: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of what was handed in: its name inside, and the platform's order, if it has one."""

    inside: tuple[str, ...]
    file: File
    order: int = 0


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed in at once, by one or several people together.

    `sha256` is what a receipt says of the notebook, None without one.
    """

    claims: tuple[Claim, ...]
    parts: tuple[Part, ...]
    submitted: Moment | None = None
    late: bool = False
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A layout, what shows it, and what was handed in by whom."""

    kind: Kind
    evidence: tuple[Message, ...]
    handed: tuple[Handed, ...]
    refused: tuple[Refusal, ...] = ()
    conflicts: tuple[Message, ...] = ()
    ignored: int = 0


def small(file: File, limit: int) -> bytes | None:
    """The content of a platform's small file; None where it is larger or cannot be read."""
    if file.source.size > limit:
        return None
    try:
        return file.source.read()
    except SubmissionError:
        return None


def has_cells(file: File) -> bool:
    """Whether a file is a percent script."""
    if not file.parts[-1].lower().endswith(".py"):
        return False
    return _MARK.search(small(file, _LARGEST_SCRIPT) or b"") is not None


def nobodys(files: list[File]) -> tuple[Refusal, ...]:
    """The refusals of files that nobody can be said to have handed in."""
    return tuple(Refusal(file.path, Message(_why_nobodys(file))) for file in files)


def _why_nobodys(file: File) -> str:
    archive = file.parts[-1].lower().endswith(OTHER_ARCHIVES)
    return "intake.other-archive" if archive else "intake.nobodys"
