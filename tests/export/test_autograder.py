"""The autograder, unpacked and run as Gradescope does it, with nothing but what is in the zip."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.errors import CallError
from grader.export.autograder import Orders, autograder, orders_of
from grader.model.exercise import Assignment
from grader.spec import load_assignment
from tests.pipeline.conftest import filled

GOLDEN = Path(__file__).parent / "golden"
EXERCISE = "backward-twice"
ANSWER = {
    f"{EXERCISE}/first-pass": (
        "y = 2 * torch.dot(x, x)\ny.backward()\nfirst_gradient = x.grad.clone()"
    )
}


@pytest.fixture(scope="module")
def assignment(course: Path) -> Assignment:
    return load_assignment(course, EXERCISE)


@pytest.fixture(scope="module")
def packed(course: Path, assignment: Assignment) -> bytes:
    return autograder(course, assignment, Orders(EXERCISE, 5, None))


@pytest.fixture
def root(tmp_path: Path, packed: bytes) -> Path:
    """Gradescope's folder, after its setup."""
    root = tmp_path / "autograder"
    (root / "submission").mkdir(parents=True)
    (root / "results").mkdir()
    (tmp_path / "it.zip").write_bytes(packed)
    with zipfile.ZipFile(tmp_path / "it.zip") as archive:
        archive.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    (root / "run_autograder").chmod(0o755)
    return root


def run(root: Path) -> tuple[int, dict[str, Any] | None, str]:
    """Exit code, results.json, and what was said."""
    environment = os.environ | {
        "AUTOGRADER_ROOT": str(root),
        "AUTOGRADER_PYTHON": sys.executable,
        "PYTHONPATH": str(root / "source" / "package"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    ended = subprocess.run(
        [root / "run_autograder"], env=environment, capture_output=True, text=True, check=False,
        timeout=300, cwd="/",
    )  # fmt: skip
    results = root / "results" / "results.json"
    body = json.loads(results.read_text("utf-8")) if results.exists() else None
    return ended.returncode, body, ended.stdout + ended.stderr


def test_the_zip_holds_what_is_needed_and_no_samples(tmp_path: Path, packed: bytes) -> None:
    (tmp_path / "it.zip").write_bytes(packed)
    with zipfile.ZipFile(tmp_path / "it.zip") as archive:
        names = [name for name in archive.namelist() if not name.startswith("package/grader/")]
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    said = "\n".join(names) + "\n"
    path = GOLDEN / "autograder.names.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(said)
    assert said == path.read_text()
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert "package/grader/report/templates/report.html.j2" in modes
    assert not any(name.endswith(".pyc") or "/accepted/" in name for name in modes)
    for script in ("setup.sh", "run_autograder"):
        with zipfile.ZipFile(tmp_path / "it.zip") as archive:
            source = archive.read(script)
        subprocess.run(["bash", "-n"], input=source, check=True)


@pytest.mark.parametrize("id", [EXERCISE, "autograd"])
def test_the_course_in_it_is_the_course(tmp_path: Path, course: Path, id: str) -> None:
    copy = tmp_path / "copy"
    for part in ("exercises", "solutions"):
        shutil.copytree(course / part, copy / part)
    (copy / "exercises" / "course.toml").write_text("[limits]\ncell_seconds = 7.0\n")
    assignment = load_assignment(copy, id)
    (tmp_path / "it.zip").write_bytes(autograder(copy, assignment, Orders(id, 5, None)))
    with zipfile.ZipFile(tmp_path / "it.zip") as archive:
        archive.extractall(tmp_path / "out")
    packed = load_assignment(tmp_path / "out" / "course", id)
    assert packed.spec_hash == assignment.spec_hash
    assert packed.limits.cell_seconds == 7.0


def test_a_notebook_is_graded_as_gradescope_asks(root: Path, assignment: Assignment) -> None:
    (root / "submission" / "hw.ipynb").write_bytes(filled(assignment, ANSWER))
    (root / "submission_metadata.json").write_text(
        json.dumps({"users": [{"email": "li@example.org"}], "assignment": {"due_date": None}})
    )
    code, body, said = run(root)
    assert code == 0, said
    assert body is not None
    told = {
        "score": body["score"],
        "visibility": body["visibility"],
        "stdout_visibility": body["stdout_visibility"],
        "tests": [
            {key: test[key] for key in ("name", "score", "max_score", "visibility", "status")
             if key in test}
            for test in body["tests"]
        ],
    }  # fmt: skip
    path = GOLDEN / "autograder.results.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert told == json.loads(path.read_text("utf-8"))
    assert body["score"] == sum(test["score"] for test in body["tests"])


@pytest.mark.parametrize("name", [None, "notes.txt", "hw.ipynb"])
def test_what_is_no_notebook_earns_nothing_and_is_told_why(root: Path, name: str | None) -> None:
    if name is not None:
        (root / "submission" / name).write_bytes(b"this is no notebook")
    code, body, said = run(root)
    assert code == 0, said
    assert body is not None
    assert body["score"] == 0
    assert body["output"]


def test_a_fault_of_the_grader_is_no_zero(root: Path, assignment: Assignment) -> None:
    (root / "submission" / "hw.ipynb").write_bytes(filled(assignment, ANSWER))
    (root / "results" / "results.json").write_text('{"score": 10}')
    reference = root / "source" / "course" / "solutions" / EXERCISE / "reference.py"
    reference.write_text(reference.read_text().replace("return", "return 1 / 0 +"))
    code, body, said = run(root)
    assert code == 1, said
    assert body is None, "not even what another submission left"


def test_orders_that_are_not_ours_are_refused(root: Path) -> None:
    (root / "source" / "autograder.json").write_text('{"autograder": 2}')
    code, body, said = run(root)
    assert (code, body) == (2, None)
    assert "autograder.json: expected" in said
    for wrong in (b"", b"[]", b'{"autograder": 1, "assignment": 3, "seed": 1, "language": null}'):
        with pytest.raises(CallError, match=r"autograder\.json: expected"):
            orders_of(wrong, "autograder.json")
