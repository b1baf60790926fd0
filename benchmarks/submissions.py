"""The notebooks that every way gets: sample submissions, right and wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.model.exercise import Assignment
from grader.selftest import Sample, notebook, samples

COURSE = Path(__file__).resolve().parent.parent
ASSIGNMENT = "autograd"


@dataclass(frozen=True, slots=True)
class Submitted:
    """One student's notebook."""

    name: str
    data: bytes


def submissions(assignment: Assignment, count: int) -> tuple[Submitted, ...]:
    """`count` notebooks; of each three exercises in a row, one is answered wrong."""
    found = samples(COURSE, assignment)
    return tuple(
        Submitted(f"s{number:04}", notebook(assignment, tuple(chosen(assignment, found, number))))
        for number in range(count)
    )


def chosen(assignment: Assignment, found: tuple[Sample, ...], number: int) -> Iterable[Sample]:
    """A sample for each exercise: every third wrong, beginning at another one in each notebook."""
    for place, exercise in enumerate(assignment.exercises):
        kind = "wrong" if (number + place) % 3 == 0 else "accepted"
        own = [s for s in found if s.exercise == exercise.id and s.kind == kind]
        yield own[number % len(own)]


def starter(assignment: Assignment) -> bytes:
    """The notebook as released."""
    return notebook(assignment, ())
