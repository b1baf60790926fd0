"""What diagnoses are made by and from: where all of it is the same, they are too.

`diagnose` is a pure function of an exercise, a submission, its capture, what the references
answered, and of findings without their tolerances: `evidence` is all that it is given of them. Who
judges a stored capture again keeps the diagnoses where `basis` and `evidence` are what they were.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from grader.model.exercise import Exercise, Visibility
from grader.model.expectation import Expectation
from grader.model.result import Finding

PROGRAM = ("grader.diagnose", "grader.model", "grader.parsing")
"""All of ours that has a say in a diagnosis; a test holds it against what they import."""


_LEFT_OUT: dict[str, Any] = {"tolerance": None, "worst": None}
_TOLD = attrgetter(*(field.name for field in fields(Finding) if field.name not in _LEFT_OUT))


def evidence(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings as a matcher sees them: how far a number was off, but not how far it might be."""
    return tuple(replace(finding, **_LEFT_OUT) for finding in findings)


def same_evidence(findings: Sequence[Finding], others: Sequence[Finding]) -> bool:
    """Whether `evidence` of both is the same."""
    return [*map(_TOLD, findings)] == [*map(_TOLD, others)]


def basis(
    exercise: Exercise,
    expectations: Mapping[str, Expectation],
    stages: Mapping[str, Collection[Visibility]],
) -> str:
    """A digest of the program that diagnoses, of the exercise, of its answers and of the stages.

    Empty for an exercise without a digest of its own, as it stands in a release.
    """
    if not exercise.digest:
        return ""
    answers = sorted((key, one.digest, one.error) for key, one in expectations.items())
    seen = [(stage, sorted(visibilities)) for stage, visibilities in stages.items()]
    made = hashlib.sha256(_program())
    made.update(repr((exercise.digest, answers, seen)).encode())
    return made.hexdigest()[:32]


@cache
def _program() -> bytes:
    """Of every line of it, and of what else computes: Python, whose parser it uses, and NumPy."""
    digest = hashlib.sha256(f"{sys.version} {np.__version__}".encode())
    for name in PROGRAM:
        for path in _sources(name):
            digest.update(f"{name} {path.name}\n".encode() + path.read_bytes())
    return digest.digest()


def _sources(name: str) -> list[Path]:
    """The files of a package, in order, or the file of a module."""
    spec = find_spec(name)
    assert spec is not None and spec.origin is not None
    origin = Path(spec.origin)
    return sorted(origin.parent.rglob("*.py")) if spec.submodule_search_locations else [origin]
