"""`grader regrade`, as people call it, on what a real run left."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from grader.gradebook import Gradebook
from grader.model.exercise import Assignment
from grader.model.record import Observed, Specification, Student
from grader.pipeline import Graded, diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import to_json
from grader.spec import load_assignment, references, to_stamp
from tests.gradebook.samples import NOON, handed
from tests.pipeline.conftest import filled

from .conftest import Call

GOLDEN = Path(__file__).parent / "golden"
EXERCISE = "backward-twice"
RIGHT = "y = 2 * torch.dot(x, x)\ny.backward()\nfirst_gradient = x.grad.clone()"


@pytest.fixture(scope="module")
def assignment(course: Path) -> Assignment:
    return load_assignment(course, EXERCISE)


@pytest.fixture(scope="module")
def notebook(assignment: Assignment) -> bytes:
    return filled(assignment, {f"{EXERCISE}/first-pass": RIGHT})


@pytest.fixture(scope="module")
def graded(course: Path, assignment: Assignment, notebook: bytes, kernels) -> Graded:
    """A notebook that was run once."""
    with ReferenceProcess(references(course, assignment)) as process:
        return grade(notebook, "hw.ipynb", assignment, process, seed=1, server=kernels.address)


@pytest.fixture
def book(tmp_path: Path, assignment: Assignment, graded: Graded, notebook: bytes) -> Path:
    """Three with the same notebook: a mark by hand, none, and no capture."""
    path = tmp_path / "out" / "gradebook.db"
    path.parent.mkdir()
    stamp = to_stamp(assignment, "en")
    with Gradebook(path, create=True, clock=lambda: NOON) as opened:
        opened.specify(Specification(assignment.spec_hash, EXERCISE, None, stamp))
        for key in ("anna", "eve", "li.wei"):
            opened.enrol([Student(key)])
            given = replace(handed(key, notebook), assignment=EXERCISE)
            attempt = opened.hand_in(given)
            result = replace(graded.result, student=key)
            body = to_json(result, result.language, diagnosis_texts(result))
            observed = Observed(graded.submission, graded.capture, graded.answers)
            opened.record(attempt.submission, result, body, None if key == "eve" else observed)
        opened.set_mark("anna", EXERCISE, EXERCISE, "y", points=0.5, who="Dr Q", why="oral exam")
    return path


@pytest.fixture
def corrected(tmp_path: Path, course: Path) -> Path:
    """The course with another expected value; `specification` edits it further."""
    copy = tmp_path / "course"
    for part in ("exercises", "solutions"):
        shutil.copytree(course / part / EXERCISE, copy / part / EXERCISE)
    specification(copy, "equals = 28.0", "equals = 56.0")
    return copy


def specification(course: Path, old: str, new: str) -> None:
    path = course / "exercises" / EXERCISE / "exercise.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def golden(name: str, said: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text("utf-8")


def scores(book: Path) -> dict[str, float | None]:
    with Gradebook(book) as opened:
        marks = {g.student.key: g.mark for g in opened.grades(EXERCISE)}
    return {key: None if mark is None or mark.open else mark.score for key, mark in marks.items()}


def test_it_shows_what_changes_for_whom_and_why_and_asks(
    call: Call, book: Path, corrected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = scores(book)
    code, out, err = call("regrade", book, "--course", corrected, "--dry-run")
    assert (code, err) == (0, "")
    golden("regrade.dry-run.txt", out)
    assert scores(book) == before

    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    code, _, err = call("regrade", book, "--course", corrected)
    assert code == 1
    assert "Nothing was written." in err
    assert scores(book) == before


def test_it_writes_when_the_answer_is_yes_and_has_nothing_to_do_the_second_time(
    call: Call, book: Path, corrected: Path
) -> None:
    before = scores(book)
    code, out, err = call("regrade", book, "--course", corrected, "--yes")
    assert code == 1, "one has to be run again"
    assert "2 results written." in out
    assert "1 without a mark by this specification: eve" in err
    after = scores(book)
    assert after["anna"] == before["anna"], "a mark by hand stays"
    assert after["li.wei"] == before["li.wei"] - 1
    code, out, _ = call("gradebook", "list", book)
    assert re.search(r"anna .* 1 ⚑", out)
    code, out, _ = call("regrade", book, "--course", corrected, "--dry-run", "--jobs", 1)
    assert "1 judged again: 1 without a mark until run again" in out
    assert scores(book)["eve"] == before["eve"], "an earlier result stays until there is another"


def test_a_reference_that_fails_takes_nobody_s_mark_away(
    call: Call, book: Path, corrected: Path
) -> None:
    before = scores(book)
    reference = corrected / "solutions" / EXERCISE / "reference.py"
    text = reference.read_text("utf-8")
    reference.write_text(text.replace("(x):\n", '(x):\n    raise ValueError("boom")\n'), "utf-8")
    code, out, err = call("regrade", book, "--course", corrected, "--yes")
    assert code == 1
    assert re.search(r"li.wei: [\d.]+\n  cannot be judged again, and stays as it is: ", out)
    assert "mend that and call again" in err
    assert scores(book) == before


def test_another_due_time_is_said_to_change_no_penalty_by_itself(
    call: Call, book: Path, corrected: Path
) -> None:
    code, _, err = call("regrade", book, "--course", corrected, "--dry-run")
    assert (code, err) == (0, "")
    (corrected / "exercises" / "assignments").mkdir()
    file = corrected / "exercises" / "assignments" / f"{EXERCISE}.toml"
    file.write_text(
        f'title.en = "One"\nexercises = ["{EXERCISE}"]\ndue = "2026-10-01T18:00+03:00"\n', "utf-8"
    )
    code, _, err = call("regrade", book, "--course", corrected, "--dry-run")
    assert code == 0
    assert "call `grader batch` again" in err


def test_only_what_needs_it_is_run_again(
    call: Call, book: Path, corrected: Path, assignment: Assignment
) -> None:
    specification(corrected, "scale = 2.0", "scale = 3.0")
    code, out, err = call("regrade", book, "--course", corrected, "--yes")
    assert code == 1
    assert f"{EXERCISE}/first-gradient: passed, 1 of 1 → needs_rerun, 0 of 1" in out
    assert "3 without a mark by this specification: anna, eve, li.wei" in err
    with Gradebook(book) as opened:
        opened.enrol([Student("new")])
        opened.hand_in(replace(handed("new", b"{}"), assignment=EXERCISE))
        assert {each.student for each in opened.needs_rerun(EXERCISE)} == {"anna", "li.wei"}
    code, out, err = call(
        "regrade", book, "--course", corrected, "--yes", "--rerun", "-o", book.parent,
        "--isolation", "available", "--jobs", 1,
    )  # fmt: skip
    with Gradebook(book) as opened:
        assert opened.needs_rerun(EXERCISE) == ()
        assert opened.grade("new", EXERCISE).result is None, "who was never graded is not now"
    assert code == 1, "the new one is without a mark"
    assert "1 without a mark by this specification: new" in err
    again = scores(book)
    assert [key for key, score in again.items() if score is None] == ["new"]
    assert sorted(path.name for path in (book.parent / "reports").iterdir()) == [
        "anna.html", "eve.html", "li.wei.html",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dry-run", "--rerun"], "expected --dry-run or --rerun, found both"),
        (["--rerun"], "expected -o, the batch's folder"),
        (["--assignment", "other"], "--assignment: expected one of backward-twice"),
    ],
)
def test_a_wrong_call_is_told(
    call: Call, book: Path, corrected: Path, arguments: list[str], said: str
) -> None:
    code, _, err = call("regrade", book, "--course", corrected, *arguments)
    assert code == 2
    assert said in err


def test_help_has_an_example(call: Call) -> None:
    assert "grader regrade out/gradebook.db --dry-run" in call("regrade", "--help")[1]
