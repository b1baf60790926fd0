"""`grader intake`, as instructors call it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_commands import grader

from .builders import laid_out, saved
from .piles import CANVAS, NBGRADER, ROSTER


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


def test_as_json_it_is_data_with_texts(tmp_path: Path) -> None:
    laid_out(tmp_path / "course", NBGRADER)
    done = grader("intake", "course", "--json", "--language", "ru", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    plain = json.loads(done.stdout)
    assert plain["kind"] == "nbgrader"
    assert plain["evidence"][0]["text"].startswith("Дерево nbgrader")


def test_it_shows_what_being_late_would_cost(tmp_path: Path) -> None:
    laid_out(tmp_path / "course", NBGRADER)
    done = grader(
        "intake", "course", "--due", "2026-11-20T17:30Z", "--late-percent", "15", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "15 % of the points earned are taken off" in " ".join(done.stdout.split())
    assert "Nothing says when it was handed in" in " ".join(done.stdout.split())


def test_errors_name_what_was_expected_and_what_to_do(tmp_path: Path) -> None:
    laid_out(tmp_path, {"pile/a.ipynb": b"{}", "bad.csv": b"points\n1\n"})
    for arguments, said in (
        (["nowhere"], "There is nothing at `nowhere`"),
        (["bad.csv"], "expected a folder, a zip archive, or a notebook"),
        (["pile", "--roster", "bad.csv"], "bad.csv, row 1: expected names of columns"),
        (["pile", "--names", "klingon"], "expected the name of an encoding"),
        (["pile", "--due", "tomorrow"], "2026-10-01T23:59:00+03:00"),
        (["pile", "--layout", "moodle"], "does not look like moodle"),
    ):
        done = grader("intake", *arguments, cwd=tmp_path)
        assert done.returncode == 2, arguments
        assert said in " ".join(done.stderr.split()), arguments
