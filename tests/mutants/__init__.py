"""Wrong answers made from accepted ones: one mistake each, known by how it was made.

The operators know PyTorch and the samples, and nothing of how misconceptions are recognised. A
mutant may still be a right answer, for what was dropped was not needed: grading it decides.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from grader.model.exercise import Assignment
from grader.model.result import ExerciseResult
from grader.selftest import Sample, samples

from . import answers, formulas, passes, tensors
from .program import Edit, Operator, Program, read
from .typed import typed_in

OPERATORS: tuple[Operator, ...] = (
    *passes.OPERATORS,
    *tensors.OPERATORS,
    *formulas.OPERATORS,
    *answers.OPERATORS,
    typed_in,
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A sample with a mistake in it.

    Attributes:
        exercise: the exercise's id.
        text: the percent text, as of `solutions/<exercise>/accepted/*.py`.
        operator: what made it; of a pair, both with a plus between.
        truth: ids of misconceptions any of which names the mistake; of a pair, of both mistakes.
        sample: name of the accepted sample that it was made from.
    """

    exercise: str
    text: str
    operator: str
    truth: frozenset[str]
    sample: str


def mutants(course: Path, assignment: Assignment, most: int = 8) -> Iterator[Mutant]:
    """At most `most` mutants for every operator, one in an exercise, always the same ones.

    Raises:
        SpecError: the samples cannot be read.
    """
    found: dict[str, list[tuple[str, str, str, Program, Edit]]] = defaultdict(list)
    for exercise, programs in _programs(course, assignment).items():
        for name, program in programs:
            for place, change in enumerate(edits(program)):
                # A digest's order takes sites and samples as they come, without a preference.
                drawn = _digest(exercise, name, change.operator, str(place))
                found[change.operator].append((drawn, exercise, name, program, change))
    for operator in sorted(found):
        taken: dict[str, Mutant] = {}
        for _, exercise, name, program, change in sorted(found[operator], key=lambda f: f[0]):
            if exercise not in taken and len(taken) < most:
                text = program.written([change])
                taken[exercise] = Mutant(exercise, text, operator, change.truth, name)
        yield from taken.values()


def pairs(course: Path, assignment: Assignment, seed: int, each: int = 12) -> Iterator[Mutant]:
    """Mutants with two mistakes in different statements, at most `each` for an exercise.

    `truth` holds the names of both; they share none.
    """
    for exercise, programs in _programs(course, assignment).items():
        rng = random.Random(f"{seed}:{exercise}")
        made: set[str] = set()
        ready = [(name, program, list(edits(program))) for name, program in programs]
        for _ in range(20 * each):
            name, program, changes = rng.choice(ready)
            one, two = rng.choice(changes), rng.choice(changes)
            if one.truth & two.truth or _overlap(program, one, two):
                continue
            first, second = sorted((one, two), key=lambda e: e.operator)
            text = program.written([first, second])
            if text not in made:
                made.add(text)
                both = f"{first.operator}+{second.operator}"
                yield Mutant(exercise, text, both, first.truth | second.truth, name)
            if len(made) == each:
                break


def edits(program: Program) -> Iterator[Edit]:
    """All that the operators can do to a program."""
    for operator in OPERATORS:
        for change in operator(program):
            if any(_text(old) != _text(new) for old, new in change.changes.items()):
                yield replace(change, operator=operator.__name__.replace("_", "-"))


def as_sample(mutant: Mutant) -> Sample:
    """A mutant as a sample that `grader.selftest.run` grades."""
    return Sample(mutant.exercise, "wrong", f"mutant/{mutant.operator}", mutant.text, {})


def still_correct(result: ExerciseResult) -> bool:
    """Whether a graded mutant got full marks, and so is no wrong answer."""
    return result.status == "passed" and result.score == result.max_score


def _programs(course: Path, assignment: Assignment) -> dict[str, list[tuple[str, Program]]]:
    by_id = {exercise.id: exercise for exercise in assignment.exercises}
    accepted = [s for s in samples(course, assignment) if s.kind == "accepted"]
    return {
        exercise: [(s.name, read(by_id[exercise], s.text)) for s in group]
        for exercise, group in itertools.groupby(accepted, key=lambda s: s.exercise)
    }


def _overlap(program: Program, one: Edit, two: Edit) -> bool:
    """Whether two edits touch the same statement, or one that holds the other."""
    mine, other = ({program.statement(node) for node in e.changes} for e in (one, two))
    return any(
        a is b or a in set(ast.walk(b)) or b in set(ast.walk(a)) for a in mine for b in other
    )


def _text(code: ast.AST | list[ast.stmt]) -> str:
    return "\n".join(map(ast.unparse, code)) if isinstance(code, list) else ast.unparse(code)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
