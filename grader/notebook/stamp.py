"""What a release wrote into the notebook's metadata: which assignment, in which state and language.

The stamp is the student's to edit, so it is only ever a hint; its public checks are read by
`grader.spec.from_stamp`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.notebook.plain import short_text

_LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The believable part of a stamp. `data` is all of it, for `grader.spec.from_stamp`."""

    assignment: str
    spec_hash: str | None = None
    language: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)


def stamp(notebook: Mapping[str, Any]) -> Stamp | None:
    """The notebook's stamp, or None where there is none or it is mangled."""
    metadata = notebook.get("metadata")
    data = metadata.get("grader") if isinstance(metadata, Mapping) else None
    if not isinstance(data, Mapping):
        return None
    body = data.get("assignment")
    body = body if isinstance(body, Mapping) else {"id": body, "spec_hash": data.get("spec_hash")}
    assignment = short_text(body.get("id"), 100)
    if assignment is None:
        return None
    language = short_text(data.get("language"), 20)
    return Stamp(
        assignment=assignment,
        spec_hash=short_text(body.get("spec_hash"), 128),
        language=language if language and _LANGUAGE.fullmatch(language) else None,
        data=data,
    )
