"""`grader report`, as people call it."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from grader.gradebook import Gradebook
from grader.model.record import Student
from grader.spec import load_assignment
from tests.gradebook.samples import ANNA, FULL, HALF, LI, NOON, check, exercise, give, result

from .conftest import Call

COURSE = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "golden"
MOODLE = "moodle.zip/Li Wei_4711_assignsubmission_file/hw.ipynb"
CANVAS = "canvas.zip/wanganna_102_5552_hw.ipynb"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Students from Moodle and Canvas, one that is open, one that waits, one without a notebook."""
    path = tmp_path / "book.db"
    with Gradebook(path, create=True, clock=lambda: NOON) as opened:
        give(opened, LI, HALF, source=MOODLE)
        give(opened, ANNA, FULL, b"right", source=CANVAS)
        open_ = result(exercise("loops", check("shape"), check("gradient", "needs_rerun", 2.0)))
        give(opened, Student("оля"), open_, b"open")
        give(opened, Student("eve"), None, b"waits")
        opened.enrol([Student("Zoë")])
    return path


def golden(name: str, said: str) -> None:
    path = GOLDEN / name
    said = "\n".join(line.rstrip() for line in said.splitlines()) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("platform", ["folder", "moodle", "canvas", "nbgrader"])
def test_a_dry_run_lists_who_would_get_what_and_writes_nothing(
    call: Call, book: Path, tmp_path: Path, platform: str
) -> None:
    code, out, err = call(
        "report", book, "--audience", "student", "--for", platform, "--dry-run",
        "--as-of", "2026-10-02", "-o", tmp_path / "out",
    )  # fmt: skip
    assert code == 1
    golden(f"report.{platform}.txt", f"{out}{err}")
    assert not (tmp_path / "out").exists()


def test_instructors_get_everybody_who_has_a_result(call: Call, book: Path, tmp_path: Path) -> None:
    code, out, err = call("report", book, "--audience", "instructor", "-o", tmp_path / "out")
    assert code == 1
    assert out == f"{tmp_path / 'out'}: reports of 3 of 5 students\n"
    assert "1 without a report, because it is not graded yet: eve" in err
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_before_the_due_time_and_after(call: Call, book: Path, tmp_path: Path) -> None:
    for as_of, there in (("2026-10-02T23:59", False), ("2026-10-03T00:01", True)):
        out = tmp_path / as_of[:10]
        call("report", book, "--audience", "student", "--as-of", as_of, "-o", out)
        page = (out / "li.wei.html").read_text(encoding="utf-8")
        assert ("The later" in page) == there
        assert "The varied" not in page
        assert "The shape" in page


@pytest.mark.parametrize(
    ("platform", "name"),
    [("moodle", "Li Wei_4711_assignsubmission_file_autograd.html"),
     ("canvas", "wanganna_102_5552_autograd.html")],
)  # fmt: skip
def test_a_zip_holds_the_pages_that_the_platform_takes(
    call: Call, book: Path, tmp_path: Path, platform: str, name: str
) -> None:
    out = tmp_path / "feedback.zip"
    call("report", book, "--audience", "student", "--for", platform, "-o", out)
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == [name]
        assert archive.read(name).lower().startswith(b"<!doctype html>")


def test_nbgrader_s_tree(call: Call, book: Path, tmp_path: Path) -> None:
    call("report", book, "--audience", "student", "--for", "nbgrader", "-o", tmp_path / "course")
    found = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.html"))
    assert found == [
        "course/feedback/anna/autograd/wanganna_102_5552_hw.html",
        "course/feedback/li.wei/autograd/hw.html",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--audience", "student"], "expected -o"),
        (["--audience", "student", "--dry-run", "--as-of", "soon"], "cannot read the time 'soon'"),
        (["--audience", "student", "--dry-run", "--assignment", "x"], "--assignment: expected"),
    ],
)
def test_a_wrong_call_is_told(call: Call, book: Path, arguments: list[str], said: str) -> None:
    code, _, err = call("report", book, *arguments)
    assert code == 2
    assert said in err


def test_help_has_an_example(call: Call) -> None:
    assert "--audience student -o feedback" in call("report", "--help")[1]


def test_tasks_come_from_the_course_and_their_absence_is_told(
    call: Call, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    every = ("report", book, "--audience", "instructor", "-o")
    _, _, err = call(*every, tmp_path / "far")
    assert "The pages are without the tasks: no course at or above" in err
    _, _, err = call(*every, tmp_path / "near", "--course", COURSE)
    assert "without the tasks" not in err
    title = load_assignment(COURSE, "autograd").title["en"]
    assert title in (tmp_path / "near" / "li.wei.html").read_text(encoding="utf-8")
    code, _, err = call(*every, tmp_path / "none", "--course", tmp_path)
    assert code == 2
    assert "no course at or above" in err
    assert not (tmp_path / "none").exists()
