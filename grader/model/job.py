"""What the trusted side asks of a slot. Nothing in it is secret from the student."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.model.exercise import Limits


@dataclass(frozen=True, slots=True)
class Job:
    """One notebook to run.

    Attributes:
        name: the file's name, for messages and to tell a script from a notebook.
        stamp: the public part of the assignment; None to go by the notebook's own.
        keep: exercises that will be asked about after the run.
        seed: of the run.
        limits: of the run; with `stamp` None, those of the notebook's own.
        companions: relative name → content in base64.
        server: address of the fork server that kernels come from; None for kernels that start by
            themselves.
        folder: where the files that the notebook's own stamp names lie; only with `stamp` None,
            which is a student's own machine.
    """

    name: str
    stamp: Mapping[str, Any] | None
    keep: tuple[str, ...]
    seed: int
    limits: Limits = field(default_factory=Limits)
    companions: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None
    server: str | None = None
