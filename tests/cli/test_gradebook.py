"""`grader gradebook` and `grader export`, as people call them."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.export import cells
from grader.gradebook import Gradebook
from grader.model.record import Student
from tests.gradebook.samples import (
    ANNA,
    FULL,
    HALF,
    LI,
    NOON,
    OTHER,
    check,
    exercise,
    give,
    later,
    result,
)

from .conftest import Call

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A gradebook with everything that is to be shown."""
    path = tmp_path / "book.db"
    with Gradebook(path, create=True, clock=lambda: NOON) as opened:
        give(opened, LI, HALF)
        opened.set_mark(
            "li.wei",
            "autograd",
            "loops",
            "gradient",
            points=1.5,
            who="Dr Q",
            why="[bold]an oral exam",
            comment="nearly",
        )
        give(
            opened,
            LI,
            HALF,
            b"again",
            submitted_at=later(26),
            late_penalty=0.1,
            late_reason="one day",
        )
        give(opened, ANNA, FULL, b"right")
        give(
            opened,
            type(LI)("оля", "Оля [red]"),
            result(
                exercise("loops", check("shape"), check("gradient", "needs_rerun", 2.0)),
                exercise("twice", check("raises", "undecidable", 2.0), check("later")),
            ),
            b"broken",
        )
        opened.enrol([type(LI)("Zoë")])
    return path  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("list", ["list"]),
        ("list.rerun", ["list", "--needs-rerun"]),
        ("show", ["show", "li.wei"]),
        ("explain", ["explain", "li.wei"]),
        ("explain.open", ["explain", "оля"]),
        ("explain.missing", ["explain", "Zoë"]),
    ],
)
def test_people_read_what_they_read_before(
    call: Call, book: Path, name: str, arguments: list[str]
) -> None:
    code, out, err = call("gradebook", arguments[0], book, *arguments[1:])
    assert code == 0
    said = "\n".join(line.rstrip() for line in f"{out}{err}".splitlines()) + "\n"
    path = GOLDEN / f"gradebook.{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_every_command_has_help_with_an_example(call: Call) -> None:
    for name in (
        "list", "show", "explain", "set", "clear", "export-data", "import-data",
        "remove-student", "scrub",
    ):  # fmt: skip
        code, out, _ = call("gradebook", name, "--help")
        assert code == 0
        assert f"grader gradebook {name}" in out
    code, out, _ = call("export", "--help")
    assert "grader export out/gradebook.db --format csv" in out


def test_a_mark_is_set_and_cleared_by_hand(call: Call, book: Path) -> None:
    code, out, _ = call(
        "gradebook", "set", book, "anna", "--on", "twice", "--points", 0.5, "--why", "copied"
    )
    assert code == 0
    assert out.startswith("twice: 0.5 by instructor on ")
    with Gradebook(book) as opened:
        mark = opened.grade("anna", "autograd").mark
        assert mark and mark.score == 3.5
    code, out, _ = call(
        "gradebook", "clear", book, "anna", "--on", "twice", "--why", "she did not", "--by", "Dr Z"
    )
    assert code == 0
    assert out.startswith("twice: cleared by Dr Z on ")
    with Gradebook(book) as opened:
        mark = opened.grade("anna", "autograd").mark
        assert mark and mark.score == 8


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "{book}", "ana"], "expected one of the 4 students, found 'ana'. Did you mean"),
        (["list", "{book}", "--assignment", "x"], "--assignment: expected one of autograd, found"),
        (["list", "{book}.no"], "no such gradebook. Check the path"),
        (["set", "{book}", "anna", "--on", "lops", "--points", "1", "--why", "w"],
         "autograd: expected one of its exercises (loops, twice), found 'lops'"),
        (["set", "{book}", "anna", "--points", "99", "--why", "w"],
         "anna, autograd: expected 0 to 8 points, found 99"),
        (["clear", "{book}", "anna", "--why", "w"], "there is no manual mark to clear"),
    ],
)  # fmt: skip
def test_mistakes_say_what_was_expected_and_found(
    call: Call, book: Path, arguments: list[str], said: str
) -> None:
    code, _, err = call("gradebook", *(a.replace("{book}", str(book)) for a in arguments))
    assert code == 2
    assert said in err


def test_several_assignments_have_to_be_named(call: Call, book: Path) -> None:
    from dataclasses import replace

    with Gradebook(book) as opened:
        opened.specify(replace(OTHER, assignment="second"))
    code, _, err = call("gradebook", "list", book)
    assert code == 2
    assert "--assignment: expected one of autograd, second, found none" in err


def test_a_course_s_data_leaves_and_comes_back(call: Call, book: Path, tmp_path: Path) -> None:
    assert call("gradebook", "export-data", book, "-o", tmp_path / "out")[0] == 0
    code, out, _ = call("gradebook", "import-data", tmp_path / "out", tmp_path / "copy.db")
    assert code == 0
    assert out.startswith("4 students, 4 attempts, 4 results from ")
    assert call("gradebook", "list", tmp_path / "copy.db") == call("gradebook", "list", book)


def test_a_student_is_removed_only_when_that_is_meant(
    call: Call, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, out, err = call("gradebook", "remove-student", book, "li.wei")
    assert code == 1
    assert "Remove li.wei and 2 attempts for good?" in out
    assert "Nothing was removed." in err
    code, out, _ = call("gradebook", "remove-student", book, "li.wei", "--yes")
    assert (code, out) == (0, "li.wei is removed.\n")
    assert b"li@example.org" not in book.read_bytes()
    assert call("gradebook", "scrub", book)[0] == 0


@pytest.mark.parametrize("format", ["csv", "canvas", "moodle", "nbgrader"])
def test_marks_are_written_for_another_system(
    call: Call, book: Path, tmp_path: Path, format: str
) -> None:
    path = tmp_path / "marks.csv"
    code, out, err = call("export", book, "--format", format, "-o", path)
    assert (code, out) == (0, f"{path}: 4 students\n")
    assert "1 without a mark, because the grader could not decide: оля" in err
    assert "1 handed in nothing: Zoë" in err
    found = cells.read(path.read_text("utf-8-sig"))
    assert any("4.95" in row for row in found)


@pytest.mark.parametrize("format", ["canvas", "moodle"])
def test_points_out_of_fewer_are_told_where_a_column_has_one_highest_score(
    call: Call, book: Path, tmp_path: Path, format: str
) -> None:
    undecided = exercise("loops", check("shape"), check("gradient", "undecidable", 7.0))
    with Gradebook(book) as opened:
        give(opened, Student("eve"), result(undecided))
    told = "1 with a mark out of fewer points than 8"
    for where in ("-", tmp_path / "marks.csv"):
        code, _, err = call("export", book, "--format", format, "-o", where)
        assert code == 0
        assert f"{told}" in err
        assert "eve" in err
        assert "--percent" in err
    for more in (("--format", format, "--percent"), ("--format", "csv")):
        _, _, err = call("export", book, *more, "-o", "-")
        assert told not in err
        assert "1 without a mark" in err


def test_the_best_attempt_and_the_checks_can_be_had(call: Call, book: Path) -> None:
    code, out, _ = call("export", book, "--attempts", "best", "-o", "-")
    assert code == 0
    assert "li.wei" in out
    assert ",5.5," in out
    _, out, _ = call("export", book, "--per", "check", "-o", "-")
    assert "loops,gradient,tensor,public,failed,0,1.5,2,Dr Q,nearly" in out


def test_json_goes_to_standard_output(call: Call, book: Path) -> None:
    code, out, _ = call("export", book, "--format", "json", "-o", "-")
    assert code == 0
    assert [g["student"]["key"] for g in json.loads(out)["grades"]] == [
        "Zoë", "anna", "li.wei", "оля",
    ]  # fmt: skip


def test_gradescope_gets_a_folder_a_student(call: Call, book: Path, tmp_path: Path) -> None:
    out = tmp_path / "results"
    code, said, err = call("export", book, "--format", "gradescope", "-o", out)
    assert (code, said) == (0, f"{out}: 2 students\n")
    assert sorted(path.name for path in out.iterdir()) == ["anna", "li.wei"]
    body = json.loads((out / "li.wei" / "results.json").read_text("utf-8"))
    assert body["score"] == 4.95
    assert "оля" in err
    code, _, err = call("export", book, "--format", "gradescope", "-o", out)
    assert code == 2
    assert "expected a new folder" in err


def test_gradescopes_folder_is_whole_or_not_there(
    call: Call, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    out = tmp_path / "out"
    out.mkdir()
    left = sorted(tmp_path.iterdir())
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        code, _, err = call("export", book, "--format", "gradescope", "-o", out)
    assert (code, "No space left" in err) == (2, True)
    assert sorted(tmp_path.iterdir()) == left
    assert list(out.iterdir()) == []
    code, _, err = call("export", book, "--format", "gradescope", "-o", "-")
    assert (code, "expected a new folder" in err) == (2, True)
    assert not Path("-").exists()
    code, _, _ = call("export", book, "--format", "gradescope", "-o", out)
    assert code == 0
    assert list(out.glob("*/results.json"))


def test_the_command_line_loads_what_every_command_needs_and_no_more(tmp_path: Path) -> None:
    heavy = "{'torch', 'sqlalchemy', 'alembic', 'pandas', 'zmq', 'nbclient', 'matplotlib'}"
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, grader.cli; print({heavy} & set(sys.modules))"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert said.stdout == "set()\n"


@pytest.mark.parametrize("command", ["show", "explain"])
def test_a_name_that_nobody_else_has_is_enough(call: Call, book: Path, command: str) -> None:
    code, out, err = call("gradebook", command, book, "анна  wang")
    assert code == 0
    assert out == call("gradebook", command, book, "anna")[1]
    assert "is anna" in err


def test_a_mark_is_set_for_who_is_named(call: Call, book: Path) -> None:
    call("gradebook", "set", book, "Анна Wang", "--points", "1", "--why", "oral")
    assert "oral" in call("gradebook", "show", book, "anna")[1]


def test_of_several_of_one_name_the_keys_are_asked_for(call: Call, book: Path) -> None:
    with Gradebook(book) as opened:
        opened.enrol([type(LI)("t1", "Tom Brown"), type(LI)("t2", "Tom Brown")])
    code, _, err = call("gradebook", "set", book, "Tom Brown", "--points", "1", "--why", "x")
    assert code == 2
    assert "'t1', 't2'" in err


def test_nobody_is_removed_by_name(call: Call, book: Path) -> None:
    assert call("gradebook", "remove-student", book, "Анна Wang", "--yes")[0] == 2
