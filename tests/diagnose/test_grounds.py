"""What diagnoses hang on is all that they hang on."""

from __future__ import annotations

import ast
from dataclasses import fields, replace
from pathlib import Path

import pytest

import grader
from grader.diagnose import basis, evidence, same_evidence
from grader.diagnose.grounds import PROGRAM
from grader.model.exercise import Exercise
from grader.model.expectation import Expectation
from grader.model.result import Finding, Tolerance, Worst
from grader.model.submission import Message
from grader.report.visibility import STAGES
from grader.spec import load_exercise

ROOT = Path(grader.__file__).parent
FINDING = Finding("y", "tensor", "failed", 0.0, 1.0, "public", Message("check.value.differs"))
ANSWERS = {"e|run|y|value": Expectation("e|run|y|value", digest="1")}


@pytest.fixture(scope="module")
def exercise(course: Path) -> Exercise:
    return load_exercise(course, "backward-twice")


def test_whatever_it_imports_of_ours_is_part_of_it() -> None:
    files = [
        path
        for name in PROGRAM
        for path in (
            [ROOT.parent / f"{name.replace('.', '/')}.py"]
            if (ROOT.parent / f"{name.replace('.', '/')}.py").exists()
            else (ROOT.parent / name.replace(".", "/")).rglob("*.py")
        )
    ]
    assert len(files) > 100
    imported = {
        name
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
        if name.split(".")[0] == "grader"
    }
    beside = {"grader.errors"}  # words of exceptions
    assert {name for name in imported if not name.startswith(PROGRAM)} <= beside


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module is not None:
        return [f"{node.module}.{alias.name}" if node.module == "grader" else node.module
                for alias in node.names]  # fmt: skip
    return []


def test_matchers_do_not_see_tolerances() -> None:
    tolerance = Tolerance(1.0, None, "elementwise", 1.0, 1.0, 1.0, "float32")
    seen = replace(FINDING, tolerance=tolerance, worst=Worst((0,), 3.0))
    assert evidence([seen]) == evidence([FINDING]) == (FINDING,)


@pytest.mark.parametrize("field", [field.name for field in fields(Finding)])
def test_findings_are_the_same_evidence_where_matchers_are_given_the_same(field) -> None:
    other = replace(FINDING, **{field: object()})
    same = evidence([FINDING]) == evidence([other])
    assert same_evidence([FINDING], [other]) is same is (field in {"tolerance", "worst"})
    assert not same_evidence([FINDING], [])


def test_each_thing_that_it_hangs_on_changes_it(exercise: Exercise) -> None:
    made = basis(exercise, ANSWERS, STAGES)
    assert made and made == basis(exercise, dict(ANSWERS), dict(STAGES))
    others = [
        basis(replace(exercise, digest="other"), ANSWERS, STAGES),
        basis(exercise, {}, STAGES),
        basis(exercise, {k: replace(v, digest="2") for k, v in ANSWERS.items()}, STAGES),
        basis(exercise, {k: replace(v, error="timeout") for k, v in ANSWERS.items()}, STAGES),
        basis(exercise, ANSWERS, {"public": {"public"}}),
    ]
    assert len({made, *others}) == 1 + len(others)


def test_an_exercise_without_a_digest_has_none(exercise: Exercise) -> None:
    assert basis(replace(exercise, digest=""), ANSWERS, STAGES) == ""
