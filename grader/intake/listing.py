"""What files there are: each one is listed, or refused with a reason."""

from __future__ import annotations

import stat
from collections import Counter
from dataclasses import dataclass, field, replace

from grader.intake.limits import Limits
from grader.intake.names import shown
from grader.model.intake import Moment, Refusal, Source
from grader.model.submission import Message


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be read. `within` is where it is listed, `parts` its name from there."""

    parts: tuple[str, ...]
    source: Source
    changed: Moment | None = None
    within: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where it lies, for people."""
        return "/".join((*self.within, *self.parts))

    def below(self, count: int) -> File:
        """The same file, its first `count` components left out of `parts`."""
        return replace(self, parts=self.parts[count:], within=self.within + self.parts[:count])


@dataclass(frozen=True, slots=True)
class Listing:
    """Files in a fixed order, what was refused, and what was noticed."""

    files: tuple[File, ...] = ()
    refused: tuple[Refusal, ...] = ()
    ignored: int = 0
    notes: tuple[Message, ...] = ()


@dataclass(slots=True)
class Found:
    """A listing on its way; `encodings` counts names that did not say theirs."""

    files: list[File] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    ignored: int = 0
    encodings: Counter[str] = field(default_factory=Counter)

    def refuse(self, path: str, message: Message) -> None:
        """Refuse one file."""
        self.refused.append(Refusal(shown(path, 300), message))

    def listing(self) -> Listing:
        """What was found, in order."""
        notes = tuple(
            Message("intake.names-decoded", {"encoding": encoding, "count": count})
            for encoding, count in sorted(self.encodings.items())
        )
        files = sorted(self.files, key=lambda file: file.parts)
        return Listing(tuple(files), tuple(self.refused), self.ignored, notes)


def wrong_shape(mode: int) -> Message | None:
    """Why something of this Unix mode is no file; a mode without a type is one."""
    if stat.S_ISLNK(mode):
        return Message("intake.link")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return Message("intake.special")
    return None


def too_large(size: int, limits: Limits) -> Message | None:
    """Why a file of `size` bytes is refused, if it is."""
    if size <= limits.file_bytes:
        return None
    megabytes = {"megabytes": round(size / 1e6, 1), "limit": round(limits.file_bytes / 1e6, 1)}
    return Message("intake.too-large", megabytes)
