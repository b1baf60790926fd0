"""A class: sample solutions right and wrong, broken files, and notebooks that attack the grader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import nbformat

from benchmarks.submissions import ASSIGNMENT, COURSE, chosen
from grader.model.exercise import Assignment
from grader.selftest import Sample, notebook, samples
from grader.spec import load_assignment
from tests.attacks import attack as attacks

Kind = Literal["sample", "starter", "broken", "hostile"]

OTHER = "jacobian-and-vjp"  # an exercise that the assignment does not have
ATTACKS = (
    "constants_typed_in",
    "exit_at_once",
    "forged_verdict",
    "imports_the_grader",
    "kills_its_group",
    "output_many_lines",
    "patched_comparisons",
    "segfault",
)
"""None runs into a limit of time: that costs the limits, twice, whatever else a grader does."""

HUNDRED = 100
_PLACES: dict[int, Kind] = {
    **dict.fromkeys((9, 59), "starter"),
    **dict.fromkeys((4, 29, 54, 79), "broken"),
    **dict.fromkeys((6, 18, 31, 43, 56, 68, 81, 93), "hostile"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A student's notebook, and what kind it is."""

    name: str
    data: bytes
    kind: Kind


class Class:
    """Students by number, all different. The mix is the same in each hundred: 86 samples (in each,
    one exercise of three is wrong), 2 with nothing answered, 4 broken files, 8 attacks."""

    @cached_property
    def assignment(self) -> Assignment:
        """What they answer."""
        return load_assignment(COURSE, ASSIGNMENT)

    @cached_property
    def _samples(self) -> tuple[Sample, ...]:
        return samples(COURSE, self.assignment)

    def member(self, number: int) -> Member:
        """The student with this number, from 0."""
        place = number % HUNDRED
        kind = _PLACES.get(place, "sample")
        turn = [at for at, each in _PLACES.items() if each == kind and at < place]
        match kind:
            case "sample":
                data = _own(notebook(self.assignment, self._answers(number)), number)
            case "starter":
                data = _own(notebook(self.assignment, ()), number)
            case "broken":
                data = self._broken(len(turn), number)
            case "hostile":
                data = _own(self._hostile(ATTACKS[len(turn)]), number)
        return Member(f"s{number:04}", data, kind)

    def _answers(self, number: int) -> Sequence[Sample]:
        return tuple(chosen(self.assignment, self._samples, number))

    def _broken(self, turn: int, number: int) -> bytes:
        if turn == 0:
            return b"this is no JSON, says number %d" % number
        if turn == 1:
            return b"\n" * (number + 1)
        if turn == 2:
            return notebook(self.assignment, self._answers(number))[: 4000 + number]
        return _own(notebook(load_assignment(COURSE, OTHER), ()), number)

    def _hostile(self, name: str) -> bytes:
        attack = attacks.load(name)
        answers = attacks.answers(COURSE, self.assignment, attack.exercise, attack.answer)
        return attacks.compose(notebook(self.assignment, answers), attack, {})


def _own(data: bytes, number: int) -> bytes:
    """A notebook that is nobody else's: equal ones are graded once."""
    made = nbformat.reads(data, as_version=4)
    made.metadata["generated"] = number
    return str(nbformat.writes(made)).encode()
