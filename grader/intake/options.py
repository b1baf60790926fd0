"""What an instructor may say of what is taken in."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.intake.limits import Limits
from grader.model.intake import Kind


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
