"""`grader intake`, as instructors call it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import main
from tests.cli.test_commands import grader

from .builders import laid_out, notebook, saved
from .piles import CANVAS, NBGRADER, ROSTER

Called = Callable[..., tuple[int, str, str]]


@pytest.fixture
def called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Called:
    """Calls the command in this process: its exit code, and what it said on one line each."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["grader", "intake", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), " ".join(out.split()), " ".join(err.split())

    return call


def test_it_shows_who_handed_in_what_and_writes_nothing(tmp_path: Path) -> None:
    saved(tmp_path / "canvas.zip", CANVAS)
    (tmp_path / "class.csv").write_bytes(ROSTER)
    before = sorted(path.name for path in tmp_path.iterdir())
    done = grader("intake", "canvas.zip", "--roster", "class.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "canvas.zip: a download from Canvas" in done.stdout
    assert "Иван Петров" in done.stdout
    assert "Nobody Here" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_as_json_it_is_data_with_texts(tmp_path: Path, called: Called) -> None:
    laid_out(tmp_path / "course", NBGRADER)
    code, out, _ = called("course", "--json", "--language", "ru")
    assert code == 0
    plain = json.loads(out)
    assert plain["kind"] == "nbgrader"
    assert plain["evidence"][0]["text"].startswith("Дерево nbgrader")


def test_it_shows_what_being_late_would_cost(tmp_path: Path, called: Called) -> None:
    laid_out(tmp_path / "course", NBGRADER)
    code, out, _ = called("course", "--due", "2026-11-20T17:30Z", "--late-percent", "15", "--json")
    assert code == 0
    late = [s["attempts"][0]["lateness"] for s in json.loads(out)["students"]]
    assert [each["percent"] for each in late] == [15.0, 15.0, 0.0]
    assert [each["reason"]["id"] for each in late] == [
        "intake.late", "intake.late", "intake.late-unknown",
    ]  # fmt: skip
    assert "late" in called("course", "--due", "2026-11-20T17:30Z")[1]


def test_that_nothing_says_when_is_said_once(tmp_path: Path, called: Called) -> None:
    laid_out(tmp_path / "class", {f"s{at}.ipynb": notebook(str(at)) for at in range(3)})
    _, out, _ = called("class", "--due", "2026-11-20T17:30Z")
    assert out.count("nothing says when") == 1
    assert "attempts: 3" in out
    assert "nothing says when" not in called("class")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "There is nothing at `nowhere`"),
        (["bad.csv"], "expected a folder, a zip archive, or a notebook"),
        (["pile", "--roster", "bad.csv"], "bad.csv, row 1: expected names of columns"),
        (["pile", "--names", "klingon"], "expected the name of an encoding"),
        (["pile", "--names", "base64"], "expected the name of an encoding"),
        (["pile", "--due", "tomorrow"], "2026-10-01T23:59:00+03:00"),
        (["pile", "--layout", "moodle"], "does not look like moodle"),
    ],
)
def test_errors_name_what_was_expected_and_what_to_do(
    tmp_path: Path, called: Called, arguments: list[str], said: str
) -> None:
    laid_out(tmp_path, {"pile/a.ipynb": b"{}", "bad.csv": b"points\n1\n"})
    code, out, err = called(*arguments)
    assert (code, out) == (2, "")
    assert said in err
