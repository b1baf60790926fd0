"""On a system without forks, a student's own notebook is checked as anywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.model.exercise import Assignment
from grader.model.expectation import Request
from grader.model.value import array
from grader.reference import ReferenceProcess
from grader.selftest import notebook, samples
from grader.spec import load_assignment, references

EXERCISE = "backward-twice"
ELSEWHERE = Path(__file__).parent / "elsewhere"


@pytest.fixture(scope="module")
def assignment(course: Path) -> Assignment:
    return load_assignment(course, EXERCISE)


@pytest.fixture
def elsewhere(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder; every Python that is started from now on sees a system without forks."""
    path = os.pathsep.join((str(ELSEWHERE), str(course)))
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{path}" exec "{sys.executable}" "$@"\n', "utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setenv("GRADER_TEST_PYTHON", str(python))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("USERNAME", "Li")
    return tmp_path


@pytest.fixture
def handed_in(elsewhere: Path, course: Path, assignment: Assignment) -> Path:
    """An accepted sample, in the release that students have."""
    (accepted,) = [s for s in samples(course, assignment) if s.kind == "accepted"][:1]
    path = elsewhere / "hw.ipynb"
    path.write_bytes(notebook(assignment, [accepted]))
    return path


def grader(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_it_is_another_system(elsewhere: Path) -> None:
    told = (
        "from grader import system; print(system.FORKS, system.WATCHES, system.transport(), "
        "system._fcntl)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=elsewhere, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False", "tcp", "None"]


def test_a_right_notebook_passes_every_check(handed_in: Path, assignment: Assignment) -> None:
    done = grader("check", handed_in, "--language", "en", cwd=handed_in.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    public = [c for e in assignment.exercises for c in e.checks if c.visibility == "public"]
    points = f"{sum(check.points for check in public):g}"
    assert f"{points} / {points}" in done.stdout or f"{points} of {points}" in done.stdout


def test_a_wrong_notebook_does_not(elsewhere: Path, course: Path, assignment: Assignment) -> None:
    wrong = next(s for s in samples(course, assignment) if s.diagnosis == "detached-early")
    path = elsewhere / "hw.ipynb"
    path.write_bytes(notebook(assignment, [wrong]))
    done = grader("check", path, "--language", "en", cwd=elsewhere)
    assert done.returncode == 1, done.stdout + done.stderr


def test_a_notebook_is_handed_in(handed_in: Path) -> None:
    box = handed_in.parent / "box"
    box.mkdir()
    done = grader("submit", handed_in, "--to", box, "--yes", "--no-check", cwd=handed_in.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [*box.rglob("*.ipynb")]


def test_what_needs_forks_is_refused_with_the_next_step(handed_in: Path, course: Path) -> None:
    done = grader(
        "grade", handed_in, "--course", course, "--assignment", EXERCISE, "--isolation", "none",
        cwd=handed_in.parent,
    )  # fmt: skip
    assert done.returncode == 3, done.stdout + done.stderr
    assert EXERCISE in done.stderr and "wsl --install" in done.stderr
    walls = grader(
        "grade", handed_in, "--course", course, "--assignment", EXERCISE, cwd=handed_in.parent
    )
    assert walls.returncode == 3 and "grader doctor" in walls.stderr


def test_doctor_says_what_works_and_how_to_get_the_rest(elsewhere: Path) -> None:
    done = grader("doctor", cwd=elsewhere)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "grader check" in done.stdout and "wsl --install" in done.stdout
    assert "only Linux has it" in done.stdout


def test_other_commands_start(elsewhere: Path, course: Path) -> None:
    for call in ("explain graph-freed", "exercises", "batch --help", "regrade --help"):
        done = grader(*call.split(), cwd=course)
        assert done.returncode == 0, (call, done.stderr)


@pytest.mark.usefixtures("elsewhere")
def test_references_answer_without_forks(course: Path, assignment: Assignment) -> None:
    asked = Request("k", EXERCISE, "gradient_of_one_pass", {"x": array([1.0, 2.0])}, "float64")
    absent = Request("a", EXERCISE, "no_such_function", {}, "float64")
    with ReferenceProcess(references(course, assignment)) as process:
        answers = process.answer([asked, absent])
    assert answers["k"].exact is not None
    assert answers["k"].exact.data.tolist() == [4.0, 8.0]
    assert (answers["a"].error or "").startswith("raised: AttributeError")
