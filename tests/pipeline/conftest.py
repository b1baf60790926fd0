"""A course whose secrets carry a mark, and grading with one reference process for each course."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import nbformat
import pytest

from grader.kernel import KernelServer
from grader.model.exercise import Assignment
from grader.pipeline import Graded, grade
from grader.reference import ReferenceProcess
from grader.release import release
from grader.spec import load_assignment, references, to_stamp

Grade = Callable[..., Graded]


def filled(assignment: Assignment, cells: Mapping[str, str], language: str = "en") -> bytes:
    """The released notebook with cells (`exercise/cell` → source) written by a student."""
    notebook = nbformat.reads(
        release(assignment, language, to_stamp(assignment, language)), as_version=4
    )
    left = dict(cells)
    for cell in notebook.cells:
        mark = cell.metadata.get("grader", {})
        source = left.pop(f"{mark.get('exercise')}/{mark.get('cell')}", None)
        if cell.cell_type == "code" and source is not None:
            cell.source = source
    assert not left, f"no such cells: {list(left)}"
    return str(nbformat.writes(notebook)).encode()


@pytest.fixture(scope="module")
def autograd(course: Path) -> Assignment:
    """The core assignment."""
    return load_assignment(course, "autograd")


@pytest.fixture(scope="module")
def process(course: Path, autograd: Assignment) -> Iterator[ReferenceProcess]:
    """Its references."""
    with ReferenceProcess(references(course, autograd)) as process:
        yield process


@pytest.fixture
def grade_autograd(autograd: Assignment, process: ReferenceProcess, kernels: KernelServer) -> Grade:
    """Grade the core assignment with cells filled in."""

    def grade_(cells: Mapping[str, str], *, seed: int = 1, language: str = "en") -> Graded:
        data = filled(autograd, cells, language)
        return grade(data, "hw.ipynb", autograd, process, seed=seed, server=kernels.address)

    return grade_
