"""Which samples the gallery takes, and what could be shown at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import get_args

from grader.model.exercise import (
    CallCheck,
    Check,
    EventCheck,
    Exercise,
    FigureCheck,
    TensorCheck,
)
from grader.model.result import CheckStatus
from grader.selftest import Sample

KINDS: tuple[str, ...] = tuple(
    kind.__dataclass_fields__["kind"].default for kind in get_args(Check)
)
STATUSES: tuple[str, ...] = get_args(CheckStatus)
TRIES = 2  # samples for one diagnosis, before its own snippet is taken
Place = tuple[str, str]  # a kind of check, and an outcome


def possible(exercises: Iterable[Exercise]) -> set[Place]:
    """The kinds and outcomes that the checks of these exercises can have at all."""
    return {(c.kind, status) for e in exercises for c in e.checks for status in _possible(c)}


def _possible(check: Check) -> Iterator[str]:
    yield from ("passed", "failed", "missing")
    if check.needs:
        yield "skipped"
    if isinstance(check, FigureCheck):
        reference: object = check.curves
    elif isinstance(check, EventCheck):
        reference = check.gradient or check.leaf_gradient
    else:
        reference = isinstance(check, TensorCheck | CallCheck) and check.expect
    if reference:
        yield from ("undecidable", "error")
    if check.vary or isinstance(check, CallCheck):
        yield "needs_rerun"


def outcomes(exercise: Exercise, sample: Sample) -> set[Place]:
    """The kinds and outcomes that a sample says it gets."""
    return {(c.kind, sample.outcome.get(c.id, "passed")) for c in exercise.checks}


def for_diagnosis(id: str, found: Sequence[Sample], used: Mapping[str, int]) -> tuple[Sample, ...]:
    """Samples that should show a diagnosis, of exercises that were used least first."""
    told = [s for s in found if s.diagnosis == id]
    told = told or [s for s in found if s.name.startswith(f"wrong/{id}/")]
    return tuple(sorted(told, key=lambda s: (used.get(s.exercise, 0), s.exercise, s.name))[:TRIES])


def for_outcomes(
    found: Sequence[Sample], exercises: Mapping[str, Exercise], covered: Iterable[Place]
) -> list[Sample]:
    """A few samples that show the other kinds and outcomes."""
    left = {
        place
        for sample in found
        if sample.kind == "wrong"
        for place in outcomes(exercises[sample.exercise], sample)
    } - set(covered)
    chosen = []
    while left:
        new = [(s, outcomes(exercises[s.exercise], s) & left) for s in found if s.kind == "wrong"]
        best, shown = max(new, key=lambda pair: len(pair[1]))
        chosen.append(best)
        left -= shown
    return chosen


def in_turn(exercises: Mapping[str, Exercise], wanted: set[Place]) -> list[str]:
    """The exercise that can show the most of these, then most of the rest, and so on."""
    chosen = []
    left = set(wanted)
    while left:
        best = max(exercises, key=lambda id: len(possible([exercises[id]]) & left))
        chosen.append(best)
        left -= possible([exercises[best]])
    return chosen
