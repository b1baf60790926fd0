"""An author's samples: what each must get, the notebook it makes, and whether it got that.

`solutions/<id>/accepted/*.py` must get full marks, `wrong/<misconception>/*.py` exactly the outcome
that its first lines name, and the starter as released zero without an error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import nbformat

from grader import check
from grader.errors import Problem, SpecError
from grader.model.exercise import Assignment, Exercise
from grader.model.result import ExerciseResult
from grader.pipeline import Graded, grade
from grader.reference import ReferenceProcess
from grader.release import release
from grader.spec import to_stamp
from grader.spec.files import percent_cells

_BLOCK = re.compile(r"^# /// outcome\n(?P<body>(?:#.*\n)*?)# ///$", re.MULTILINE)
_STATUSES = ("failed", "missing", "skipped", "undecidable")
_SEED = 20
_EXAMPLE = (
    "a block of comments such as\n"
    "      # /// outcome\n"
    '      # failed = ["gradient"]            checks that must fail; all others must pass\n'
    '      # skipped = ["kept"]               likewise: missing, skipped, undecidable\n'
    '      # diagnosis = "constant-factor"    the misconception to be named, if any\n'
    "      # ///\n   "
)
NO_SAMPLE = (
    "there is no right answer: add one as solutions/{exercise}/accepted/<name>.py, with the "
    "starter's cells by name"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample solution. `outcome` is check → status for every check that must not pass.

    `language` is that of the release whose cells it fills: an exercise's samples take turns.
    """

    exercise: str
    kind: Literal["accepted", "wrong", "starter"]
    name: str
    text: str
    outcome: Mapping[str, str]
    diagnosis: str | None = None
    language: str = "en"


def samples(course: Path, assignment: Assignment) -> tuple[Sample, ...]:
    """All samples of an assignment's exercises, the starter first.

    Raises:
        SpecError: an outcome block is missing, cannot be read, or names unknown checks.
    """
    found: list[Sample] = []
    problems: list[Problem] = []
    for exercise in assignment.exercises:
        folder = course / "solutions" / exercise.id
        found.append(Sample(exercise.id, "starter", "starter", "", {}))
        for path in sorted(folder.glob("accepted/*.py")):
            name = f"accepted/{path.stem}"
            found.append(Sample(exercise.id, "accepted", name, path.read_text("utf-8"), {}))
        checks = {check.id for check in exercise.checks}
        for path in sorted(folder.glob("wrong/*/*.py")):
            name = f"wrong/{path.parent.name}/{path.stem}"
            text = path.read_text("utf-8")
            file = f"solutions/{exercise.id}/{name}.py"
            try:
                outcome, diagnosis = _outcome(text)
            except ValueError as error:
                problems.append(Problem(file, "outcome", _EXAMPLE, str(error)))
                continue
            unknown = set(outcome) - checks
            if unknown:
                problems.append(
                    Problem(file, "outcome", f"checks of {exercise.id}", ", ".join(sorted(unknown)))
                )
            found.append(Sample(exercise.id, "wrong", name, text, outcome, diagnosis))
    if problems:
        raise SpecError(problems)
    return tuple(found)


def in_turn(exercise: Exercise, found: Sequence[Sample]) -> tuple[Sample, ...]:
    """An exercise's samples, each in the next of the languages that the exercise has."""
    languages = sorted(exercise.prompts) or ["en"]
    return tuple(
        replace(sample, language=languages[number % len(languages)])
        for number, sample in enumerate(found)
    )


def _outcome(text: str) -> tuple[dict[str, str], str | None]:
    match = _BLOCK.search(text)
    if match is None:
        raise ValueError("none")
    lines = match["body"].splitlines()
    table = tomllib.loads("\n".join(line.removeprefix("#").removeprefix(" ") for line in lines))
    unknown = set(table) - {*_STATUSES, "diagnosis"}
    if unknown:
        raise ValueError(f"unknown keys {', '.join(sorted(unknown))}")
    outcome = {check: status for status in _STATUSES for check in table.get(status, ())}
    if not outcome:
        raise ValueError("an outcome in which everything passes")
    return outcome, table.get("diagnosis")


def notebook(assignment: Assignment, chosen: Sequence[Sample], language: str = "en") -> bytes:
    """The released notebook with the cells of samples filled in, one of each exercise at most.

    Raises:
        SpecError: a sample has a cell that the starter has not.
    """
    released = nbformat.reads(
        release(assignment, language, to_stamp(assignment, language)), as_version=4
    )
    for sample in chosen:
        _fill(released.cells, sample)
    return str(nbformat.writes(released)).encode()


def _fill(cells: list[nbformat.NotebookNode], sample: Sample) -> None:
    position = {
        cell.metadata["grader"]["cell"]: cell
        for cell in cells
        if cell.cell_type == "code"
        and cell.metadata.get("grader", {}).get("exercise") == sample.exercise
    }
    current = next(iter(position.values()))
    for name, _, source in percent_cells(_BLOCK.sub("", sample.text)) if sample.text else ():
        if name is not None:
            if name not in position:
                file = f"solutions/{sample.exercise}/{sample.name}.py"
                raise SpecError([Problem(file, "cell", f"one of {', '.join(position)}", name)])
            current = position[name]
            current.source = source
        elif source.strip():
            extra = nbformat.v4.new_code_cell(source)
            cells.insert(cells.index(current) + 1, extra)
            current = extra


def run(
    assignment: Assignment,
    sample: Sample,
    references: ReferenceProcess,
    server: str | None = None,
) -> Graded:
    """Grade a sample as a submission would be; `server` is a warm fork server's address."""
    return grade(
        notebook(assignment, [sample], sample.language),
        "sample.ipynb",
        assignment,
        references,
        seed=_SEED,
        server=server,
    )


def complaints(
    assignment: Assignment, sample: Sample, graded: Graded, references: ReferenceProcess
) -> list[str]:
    """What is wrong with a graded sample, in words; of accepted ones, with the reference too.

    What a reference raised is said here alone: a result, which others read, does not hold it.
    """
    wrong = mismatches(sample, graded)
    if sample.kind == "accepted":
        (exercise,) = assignment.exercises
        asked = check.requests(exercise, graded.submission, graded.capture)
        for key, violations in references.check_purity(asked).items():
            wrong += [f"reference, asked for {key}: {violation}" for violation in violations]
    return wrong


def mismatches(sample: Sample, graded: Graded) -> list[str]:
    """How a graded sample differs from what it must get, in words; empty when it does not."""
    result = next(e for e in graded.result.exercises if e.id == sample.exercise)
    if sample.kind == "starter":
        return _starter(result)
    wrong = []
    for finding in result.checks:
        due = sample.outcome.get(finding.check, "passed")
        if finding.status != due:
            params = ", ".join(f"{k}={v}" for k, v in finding.message.params.items())
            wrong.append(
                f"{finding.check}: must be {due}, is {finding.status} "
                f"({finding.message.id}{': ' + params if params else ''})"
            )
    named = [diagnosis.id for diagnosis in result.diagnoses]
    if sample.diagnosis is not None and sample.diagnosis not in named[:1]:
        wrong.append(f"diagnosis: must be {sample.diagnosis}, is {', '.join(named) or 'none'}")
    if sample.kind == "accepted" and named:
        wrong.append(f"diagnosis: a right answer gets none, but this one got {', '.join(named)}")
    return wrong


def _starter(result: ExerciseResult) -> list[str]:
    wrong = []
    if result.score != 0:
        passed = [f.check for f in result.checks if f.score > 0]
        wrong.append(f"the starter as released earns {result.score:g}: {', '.join(passed)}")
    errors = [f.check for f in result.checks if f.status == "error"]
    if errors:
        wrong.append(f"the starter as released makes an error of {', '.join(errors)}")
    return wrong


def never_rejected(assignment: Assignment, found: tuple[Sample, ...]) -> list[str]:
    """Checks of an assignment that no wrong sample is rejected by."""
    rejected = {
        (sample.exercise, check)
        for sample in found
        for check, status in sample.outcome.items()
        if status == "failed"
    }
    return [
        f"the check {check.id} rejects no sample: add one under "
        f"solutions/{exercise.id}/wrong/<misconception>/ whose outcome block lists it as failed"
        for exercise in assignment.exercises
        for check in exercise.checks
        if (exercise.id, check.id) not in rejected
    ]
