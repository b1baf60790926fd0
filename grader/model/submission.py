"""A notebook that was handed in, brought into line with the assignment it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    """A finding in no language: an id in the report's catalogs, and what fills it."""

    id: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubmittedCell:
    """One cell, as it will be run.

    Attributes:
        index: position in the notebook that is run.
        kind: only `code` cells run.
        id: the notebook's cell id, "" where it had none.
        source: what runs; for a locked cell the assignment's own text.
        exercise: the exercise it belongs to; None for a preamble or a notebook of its own.
        name: the cell of the exercise that it answers; None for an extra cell, which belongs to
            the named cell before it.
        locked: whether the text is the assignment's.
        how: what the cell was recognised by.
    """

    index: int
    kind: Literal["code", "markdown", "raw"]
    source: str
    id: str = ""
    exercise: str | None = None
    name: str | None = None
    locked: bool = False
    how: Literal["metadata", "id", "source", "position", "restored"] | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission as it will be run.

    Attributes:
        cells: all of them in order, locked ones restored.
        language: of the release it was made from, `en` where that is unknown.
        assignment: the assignment's id in the notebook's stamp, None without a stamp.
        spec_hash: the hash in the stamp.
        own_names: True where no cell of the assignment was recognised: a notebook with names of
            its own, which is graded by events and figures where an exercise allows it.
        notices: what was restored, missing, duplicated, reordered: for student and instructor.
    """

    cells: tuple[SubmittedCell, ...]
    language: str = "en"
    assignment: str | None = None
    spec_hash: str | None = None
    own_names: bool = False
    notices: tuple[Message, ...] = ()
