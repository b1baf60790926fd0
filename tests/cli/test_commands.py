"""The commands as people call them: in processes of their own."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.spec import load_assignment
from tests.pipeline.conftest import filled

RIGHT = {
    "backward-twice/first-pass": (
        "y = 2 * torch.dot(x, x)\ny.backward()\nfirst_gradient = x.grad.clone()"
    )
}


def grader(*arguments: str | Path, cwd: Path, answer: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": str(cwd / "config"), "COLUMNS": "200",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        cwd=cwd, env=environment, input=answer, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip


@pytest.fixture
def notebook(tmp_path: Path, course: Path) -> Path:
    """A notebook with one right answer, outside any course."""
    path = tmp_path / "hw.ipynb"
    path.write_bytes(filled(load_assignment(course, "autograd"), RIGHT))
    return path


def test_every_command_has_help_with_an_example(tmp_path: Path) -> None:
    names = ("check", "submit", "grade", "batch", "intake", "exercises", "new", "release", "try")
    for name in names:
        done = grader(name, "--help", cwd=tmp_path)
        assert done.returncode == 0
        assert f"grader {name}" in done.stdout


def test_check_needs_the_notebook_and_nothing_else(notebook: Path) -> None:
    before = sorted(path.name for path in notebook.parent.iterdir())
    done = grader("check", notebook.name, cwd=notebook.parent)
    assert done.returncode == 1, done.stderr
    assert "autograd" in done.stdout
    assert "Backward" in done.stdout
    assert sorted(path.name for path in notebook.parent.iterdir()) == before


def test_check_calls_a_cell_by_what_its_reader_sees(tmp_path: Path, course: Path) -> None:
    answers = {**RIGHT, "backward-twice/retained": " "}
    notebook = tmp_path / "hw.ipynb"
    notebook.write_bytes(filled(load_assignment(course, "autograd"), answers))
    said = " ".join(grader("check", notebook.name, cwd=tmp_path).stdout.split())
    assert "3. Twice, on purpose" in said
    assert "retained" not in said


def test_grade_writes_json_and_a_page(notebook: Path, course: Path) -> None:
    done = grader(
        "grade", notebook, "--course", course, "--json", "-", "--html", "r.html", "--seed", "4",
        "--markdown", "r.md", "--notebook", "f.ipynb",
        cwd=notebook.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["schema"] == 1
    assert result["seed"] == 4
    assert result["exercises"][0]["score"] > 0
    page = notebook.parent / "r.html"
    assert json.loads((notebook.parent / "f.ipynb").read_bytes())["nbformat"] == 4
    assert (notebook.parent / "r.md").read_text().startswith("# Automatic differentiation\n")
    assert "<!doctype html>" in page.read_text().lower()
    assert stat.S_IMODE(page.stat().st_mode) & 0o444 == 0o444


def test_a_student_sees_only_what_they_may(notebook: Path, course: Path) -> None:
    done = grader(
        "grade", notebook, "--course", course, "--json", "-", "--html", "r.html",
        "--audience", "student", cwd=notebook.parent,
    )  # fmt: skip
    result = json.loads(done.stdout)
    shown = {check["id"] for e in result["exercises"] for check in e["checks"]}
    assert "y" in shown
    page = (notebook.parent / "r.html").read_text()
    for exercise in load_assignment(course, "autograd").exercises:
        for check in exercise.checks:
            if check.visibility != "public":
                assert check.title["en"] not in page


@pytest.mark.parametrize("answer", ["y\n", "n\n"])
def test_submit_asks_and_gives_a_receipt(notebook: Path, answer: str) -> None:
    target = notebook.parent / "course"
    target.mkdir()
    done = grader(
        "submit", notebook, "--to", target, "--student", "李 伟", "--no-check",
        cwd=notebook.parent, answer=answer,
    )  # fmt: skip
    stored = list(target.rglob("*.ipynb"))
    receipts = list(notebook.parent.glob("hw.ipynb.receipt-*.json"))
    if answer == "n\n":
        assert (done.returncode, stored, receipts) == (1, [], [])
        return
    assert done.returncode == 0, done.stderr
    assert stored[0].read_bytes() == notebook.read_bytes()
    assert stored[0].parent.parent.name == "autograd"
    receipt = json.loads(receipts[0].read_text())
    assert receipt["attempt"] == 1
    assert receipt["sha256"] in done.stdout.replace("\n", "")


def test_submit_imports_no_torch_unless_it_checks(notebook: Path) -> None:
    (notebook.parent / "course").mkdir()
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "grader", "submit", "hw.ipynb", "--to", "course",
         "--no-check", "--yes"],
        cwd=notebook.parent, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "grader.cli" in imported
    assert "torch" not in imported


def test_release_new_and_exercises(small_course: Path) -> None:
    done = grader("release", "doubling", "-o", "hw.ipynb", cwd=small_course)
    assert done.returncode == 0, done.stderr
    nbformat.validate(nbformat.read(small_course / "hw.ipynb", as_version=4))
    assert "def gradient" not in (small_course / "hw.ipynb").read_text()
    done = grader("new", "halving", cwd=small_course)
    assert done.returncode == 0, done.stderr
    listed = grader("exercises", cwd=small_course).stdout
    assert "doubling" in listed and "halving" in listed
    assert "after_due" in grader("exercises", "halving", cwd=small_course).stdout
    again = grader("new", "halving", cwd=small_course)
    assert again.returncode == 2 and "exists already" in again.stderr
    assert grader("new", "Not An Id", cwd=small_course).returncode == 2


def test_a_time_that_is_none_is_refused(notebook: Path, course: Path) -> None:
    done = grader("grade", notebook, "--course", course, "--as-of", "tomorrow", cwd=notebook.parent)
    assert done.returncode == 2
    assert "ISO 8601" in done.stderr


def test_a_new_exercise_fails_its_self_test_and_says_what_is_lacking(small_course: Path) -> None:
    done = grader("try", "doubling", "--once", cwd=small_course)
    assert done.returncode == 1
    assert "solutions/doubling/accepted/" in done.stdout
    assert "the check gradient rejects no sample" in done.stdout
    assert (small_course / ".grader" / "doubling" / "starter.html").is_file()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return 1 / 0", "raised: ZeroDivisionError: division by zero"),
        ("SEEN.append(0)\n    return 2 * x * len(SEEN)", "it answers otherwise when asked again"),
    ],
)
def test_what_is_wrong_with_a_reference_is_told_to_its_author(
    small_course: Path, body: str, told: str
) -> None:
    solutions = small_course / "solutions" / "doubling"
    (solutions / "reference.py").write_text(f"SEEN = []\n\ndef gradient(x):\n    {body}\n")
    (solutions / "accepted").mkdir(exist_ok=True)
    (solutions / "accepted" / "plain.py").write_text('# %% name="answer"\ngradient = 2 * x\n')
    done = grader("try", "doubling", "--once", cwd=small_course)
    assert done.returncode == 1
    assert told in done.stdout


def test_an_authors_mistakes_are_listed(small_course: Path) -> None:
    path = small_course / "exercises" / "doubling" / "exercise.toml"
    path.write_text(path.read_text().replace("points = 2", "pints = 2"))
    done = grader("exercises", "doubling", cwd=small_course)
    assert done.returncode == 2
    assert "exercises/doubling/exercise.toml" in done.stderr
    assert "pints" in done.stderr


def bad_inputs() -> dict[str, bytes]:
    cell = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": []}
    base = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    julia = {"kernelspec": {"name": "julia-1.9", "language": "julia", "display_name": "Julia"}}
    other = {"grader": {"version": 1, "language": "en", "assignment": {"id": "week-9"}}}
    return {
        "empty.ipynb": b"",
        "text.ipynb": b"this is no JSON",
        "list.ipynb": b"[1, 2]",
        "latin.ipynb": b'{"cells": ["\xff\xfe"]}',
        "future.ipynb": json.dumps(base | {"nbformat": 9}).encode(),
        "julia.ipynb": json.dumps(base | {"metadata": julia}).encode(),
        "none.ipynb": json.dumps(base | {"cells": []}).encode(),
        "other.ipynb": json.dumps(base | {"metadata": other}).encode(),
    }


@pytest.mark.parametrize("name", [*bad_inputs(), "missing.ipynb", "folder.ipynb"])
def test_bad_input_is_refused_with_a_message_and_nothing_is_written(
    tmp_path: Path, course: Path, name: str
) -> None:
    (tmp_path / "folder.ipynb").mkdir()
    for file, content in bad_inputs().items():
        (tmp_path / file).write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    done = grader(
        "grade", name, "--course", course, "--assignment", "autograd", "--html", "r.html",
        "--json", "r.json", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert (name in done.stderr or "week-9" in done.stderr) and len(done.stderr) > 30
    assert sorted(tmp_path.rglob("*")) == before


def test_an_old_notebook_with_50_mb_of_outputs_is_upgraded_and_graded(
    tmp_path: Path, course: Path
) -> None:
    output = {"output_type": "stream", "stream": "stdout", "text": "x" * 50_000_000}
    cell = {
        "cell_type": "code", "language": "python", "metadata": {}, "collapsed": False,
        "input": "x = 1", "outputs": [output],
    }  # fmt: skip
    old = {
        "nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""},
        "worksheets": [{"metadata": {}, "cells": [cell]}],
    }  # fmt: skip
    (tmp_path / "old.ipynb").write_text(json.dumps(old))
    done = grader(
        "grade", "old.ipynb", "--course", course, "--assignment", "autograd", "--json", "-",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["score"] == 0 and result["status"] == "graded"
    assert "notice.upgraded" in {notice["id"] for notice in result["notices"]}
