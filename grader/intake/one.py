"""What one student handed in, in a folder of its own: no names of people, no attempts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from grader.errors import SubmissionError
from grader.intake.folders import list_folder
from grader.intake.handin import open_up
from grader.intake.layouts import Handed, Part
from grader.intake.limits import Limits
from grader.intake.look import look, within
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
    """The notebook in `folder` that counts, of several the one that `take_in` takes for the latest.

    Further ones, and what is broken, are refused.

    Raises:
        SubmissionError: a file that was found cannot be read.
    """
    limits = Limits()
    listing = list_folder(folder, limits)
    opened = open_up(Handed((), tuple(Part(f.parts, f) for f in listing.files)), limits)
    refused = [(r.path, r.reason) for r in (*listing.refused, *opened.refused)]
    read = []
    for answer in opened.answers:
        file = answer.part.file
        try:
            read.append((within(answer.part, look(file.source)), answer))
        except SubmissionError as error:
            refused.append((file.path, Message(error.message_id, error.params)))
    if not read:
        return One(None, refused=tuple(refused))
    *others, answer = [answer for _, answer in sorted(read, key=itemgetter(0))]
    several = Message("intake.too-many-notebooks", {"limit": 1})
    refused += [(other.part.file.path, several) for other in others]
    return One(
        answer.part.inside[-1],
        answer.part.file.source.read(),
        {each.name: each.source.read() for each in answer.companions},
        tuple(refused),
    )
