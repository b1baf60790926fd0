"""Strangers' answers, where a folder of them is at hand (`GRADER_REAL_NOTEBOOKS`)."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from grader.kernel import KernelServer
from grader.model.exercise import Assignment
from grader.model.result import ExerciseResult
from grader.pipeline import grade
from grader.reference import ReferenceProcess

FOLDER = Path(os.environ.get("GRADER_REAL_NOTEBOOKS", "/nonexistent"))
FILES = sorted([*FOLDER.glob("*.ipynb"), *FOLDER.glob("*.py")])
EXERCISES = {
    "BT": ("backward-twice", ("second-error", "retained-pass")),
    "VEC": ("control-flow-vector", ("vector-pass",)),
    "SIN": ("sin-derivative-plot", ("curves",)),
}

pytestmark = pytest.mark.skipif(
    not FILES, reason="GRADER_REAL_NOTEBOOKS names no folder of notebooks"
)


def labels() -> dict[str, dict[str, str]]:
    path = FOLDER / "labels.tsv"
    if not path.is_file():
        return {}
    found: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            found.setdefault(row["file"], {})[row["exercise"]] = row["verdict"]
    return found


def verdict(result: ExerciseResult, checks: tuple[str, ...]) -> str:
    """What the checks that own names allow say: as a person's label would."""
    statuses = {f.check: f.status for f in result.checks if f.check in checks}
    if "passed" in statuses.values():
        return "passed"
    return "failed" if "failed" in statuses.values() else "not_observed"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_strangers_notebook_is_graded_as_a_person_would(
    path: Path, autograd: Assignment, process: ReferenceProcess, kernels: KernelServer
) -> None:
    beside = {
        str(file.relative_to(FOLDER / "stand_ins")): file.read_bytes()
        for file in (FOLDER / "stand_ins").rglob("*.py")
    }
    graded = grade(
        path.read_bytes(),
        path.name,
        autograd,
        process,
        seed=3,
        companions=beside,
        server=kernels.address,
    )
    assert graded.result.status == "graded"
    results = {e.id: e for e in graded.result.exercises}
    for short, label in labels().get(path.name, {}).items():
        name, checks = EXERCISES[short]
        if label == "passed":
            assert verdict(results[name], checks) == "passed", short
        else:
            assert verdict(results[name], checks) != "passed", short
