"""What one student handed in, in a folder of its own: no names of people, no attempts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.intake.folders import list_folder
from grader.intake.handin import open_up
from grader.intake.layouts import Handed, Part
from grader.intake.limits import Limits
from grader.model.submission import Message


@dataclass(frozen=True, slots=True)
class One:
    """A notebook with its companions; `name` is None where there is none that can be taken.

    `refused`: (path, why) of what is left out.
    """

    name: str | None
    data: bytes = field(default=b"", repr=False)
    companions: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    refused: tuple[tuple[str, Message], ...] = ()


def one_student(folder: Path) -> One:
    """The first notebook in `folder`, as `take_in` finds notebooks; further ones are refused.

    Raises:
        SubmissionError: a file that was found cannot be read.
    """
    limits = Limits(notebooks=1)
    listing = list_folder(folder, limits)
    opened = open_up(Handed((), tuple(Part(f.parts, f) for f in listing.files)), limits)
    refused = tuple((r.path, r.reason) for r in (*listing.refused, *opened.refused))
    if not opened.answers:
        return One(None, refused=refused)
    answer = opened.answers[0]
    return One(
        answer.part.inside[-1],
        answer.part.file.source.read(),
        {each.name: each.source.read() for each in answer.companions},
        refused,
    )
