"""Operators make other programs, which parse, and each makes some answer wrong."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.kernel import KernelServer
from grader.model.exercise import Assignment
from grader.reference import ReferenceProcess
from grader.selftest import run
from grader.spec import load_assignment, load_exercise
from grader.spec.files import percent_cells
from tests.mutants import OPERATORS, Mutant, as_sample, edits, mutants, pairs, still_correct
from tests.mutants.program import read


@pytest.fixture(scope="module")
def assignment(course: Path) -> Assignment:
    return load_assignment(course, "all")


@pytest.fixture(scope="module")
def made(course: Path, assignment: Assignment) -> list[Mutant]:
    return list(mutants(course, assignment))


@pytest.fixture(scope="module")
def references(assignment: Assignment) -> Iterator[ReferenceProcess]:
    process = ReferenceProcess({e.id: Path(e.reference) for e in assignment.exercises})
    yield process
    process.close()


def name(operator: object) -> str:
    return operator.__name__.replace("_", "-")  # type: ignore[attr-defined]


def parses(text: str) -> None:
    for _, _, code in percent_cells(text):
        ast.parse(code)


def test_every_operator_makes_a_mutant_and_every_exercise_has_some(
    made: list[Mutant], assignment: Assignment
) -> None:
    assert {m.operator for m in made} == {name(o) for o in OPERATORS}
    of_exercise = Counter(m.exercise for m in made)
    assert min(of_exercise[e.id] for e in assignment.exercises) >= 3
    assert len(made) >= 300


def test_mutants_parse_and_are_not_the_sample_they_were_made_from(
    made: list[Mutant], course: Path, assignment: Assignment
) -> None:
    by_id = {e.id: e for e in assignment.exercises}
    for mutant in made:
        parses(mutant.text)
        path = course / "solutions" / mutant.exercise / f"{mutant.sample}.py"
        original = read(by_id[mutant.exercise], path.read_text("utf-8"))
        assert mutant.text != original.written([])
        assert mutant.truth


def test_the_text_without_an_edit_is_the_program_itself(course: Path) -> None:
    path = course / "solutions/backward-twice/accepted/plain.py"
    program = read(load_exercise(course, "backward-twice"), path.read_text("utf-8"))
    again = read(program.exercise, program.written([]))
    assert [ast.dump(c.tree) for c in again.cells] == [ast.dump(c.tree) for c in program.cells]


def test_mutants_and_pairs_are_the_same_each_time(course: Path) -> None:
    small = load_assignment(course, "zero-grad")
    assert list(mutants(course, small)) == list(mutants(course, small))
    assert list(pairs(course, small, 5)) == list(pairs(course, small, 5))
    assert list(pairs(course, small, 5)) != list(pairs(course, small, 6))


def test_pairs_hold_two_mistakes_of_different_names(course: Path, assignment: Assignment) -> None:
    both = list(pairs(course, assignment, seed=1))
    assert len(both) >= 200
    assert len({(m.exercise, m.text) for m in both}) == len(both)
    for mutant in both:
        parses(mutant.text)
        assert len(mutant.truth) >= 2
        assert mutant.operator.count("+") == 1


def test_an_edit_changes_nothing_else(course: Path) -> None:
    path = course / "solutions/default-gradient/accepted/plain.py"
    program = read(load_exercise(course, "default-gradient"), path.read_text("utf-8"))
    plain = program.written([]).splitlines()
    for change in edits(program):
        text = program.written([change]).splitlines()
        assert len(set(plain) - set(text)) <= 8, change.operator


# Harmless nearly everywhere; not where the exercise asks for the error that it takes away.
HARMFUL = {"add-retain-graph": "backward-twice"}


def candidates(operator: str, made: list[Mutant], course: Path) -> Iterator[Mutant]:
    yield from (m for m in made if m.operator == operator and operator not in HARMFUL)
    if operator in HARMFUL:
        exercise = HARMFUL[operator]
        path = course / "solutions" / exercise / "accepted/plain.py"
        program = read(load_exercise(course, exercise), path.read_text("utf-8"))
        for change in edits(program):
            if change.operator == operator:
                text = program.written([change])
                yield Mutant(exercise, text, operator, change.truth, "accepted/plain")


@pytest.mark.parametrize("operator", [name(o) for o in OPERATORS])
def test_each_operator_makes_an_answer_wrong(
    operator: str,
    made: list[Mutant],
    course: Path,
    references: ReferenceProcess,
    kernels: KernelServer,
) -> None:
    for mutant in candidates(operator, made, course):
        alone = load_assignment(course, mutant.exercise)
        graded = run(alone, as_sample(mutant), references, kernels.address)
        if not still_correct(graded.result.exercises[0]):
            return
    pytest.fail(f"no mutant of {operator} is graded wrong")


# One edit may make two mistakes: what a name is true of, whichever of the two somebody names.
ALSO_TRUE = {
    "z is x itself, and is changed": (
        "in-place-error",
        "coefficient",
        "z = x\n",
        "in-place-on-leaf",
    ),
    "z is no other name": ("in-place-error", "coefficient", "z = 6 * x", ""),
    "v was the gradient from above": (
        "chain-rule-graph",
        "ones-for-v",
        "grad(b, a, torch.ones_like(b_gradient)",
        "missing-chain-factor",
    ),
    "by what has no history": (
        "chain-rule-graph",
        "rebuilt-tensor",
        "b = torch.tensor(torch.log(a).tolist())",
        "differentiated-without-grad",
    ),
    "by what was typed in, in a function": (
        "chain-rule-graph",
        "typed-in",
        "def gradient_of(node)",
        "differentiated-without-grad",
    ),
    "kept of what was typed in": (
        "chain-rule-graph",
        "typed-in",
        "node.retain_grad()",
        "retain-grad",
    ),
    "weights of the other axis": (
        "sum-gradient",
        "wrong-axis",
        "leaf.mean(dim=0).backward(torch.ones(len(m)",
        "cotangent-shape",
    ),
    "a half that is multiplied": (
        "forward-mode",
        "wrong-precision",
        "jacfwd(f)(x.detach()).half()",
        "mixed-dtypes",
    ),
    "a half that made it round": (
        "round-off",
        "term",
        "int(amount * 100)",
        "truncation-for-rounding",
    ),
}


@pytest.mark.parametrize(
    ("exercise", "operator", "text", "name"), ALSO_TRUE.values(), ids=ALSO_TRUE
)
def test_what_else_an_edit_makes_is_true_of_it(
    exercise: str, operator: str, text: str, name: str, course: Path
) -> None:
    alone = load_exercise(course, exercise)
    paths = sorted((course / "solutions" / exercise / "accepted").glob("*.py"))
    truths = [
        change.truth
        for program in (read(alone, path.read_text("utf-8")) for path in paths)
        for change in edits(program)
        if change.operator == operator and text in program.written([change])
    ]
    assert truths
    if name:
        assert any(name in truth for truth in truths)
    else:
        assert not any("in-place-on-leaf" in truth for truth in truths)
