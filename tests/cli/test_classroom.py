"""`grader gradebook class`, as people call it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.cli import main
from grader.gradebook import Gradebook
from tests.gradebook.samples import ANNA, EVE, FULL, HALF, LI, NOON, check, exercise, give, result

GOLDEN = Path(__file__).parent / "golden"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.db"
    with Gradebook(path, create=True, clock=lambda: NOON) as opened:
        give(opened, LI, HALF)
        give(opened, ANNA, FULL, b"right", late_penalty=0.1, late_reason="one day")
        give(opened, EVE, HALF, b"half")
        undecided = result(
            exercise("loops", check("shape"), check("gradient", "needs_rerun", 2.0)),
            exercise("twice", check("raises", "undecidable", 2.0), check("later")),
        )
        give(opened, replace(LI, key="оля", name="Оля [red]"), undecided, b"broken")
        opened.enrol([type(LI)("Zoë")])
    return path


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the command; gives the exit code and what was printed."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["grader", "gradebook", "class", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_the_page_is_written_and_the_class_is_summed_up(
    call: Call, book: Path, tmp_path: Path, language: str
) -> None:
    page = tmp_path / "class.html"
    code, said, errors = call(book, "-o", page, "--language", language)
    assert (code, errors) == (0, "")
    said = said.replace(str(tmp_path), "…")
    path = GOLDEN / f"gradebook.class.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text("utf-8")
    written = page.read_text("utf-8")
    assert "李伟" in written and "Zoë" in written
    assert 'href="reports' not in written  # there are none


def test_reports_are_linked_to_where_they_are(call: Call, book: Path, tmp_path: Path) -> None:
    reports, out = tmp_path / "their reports", tmp_path / "out"
    reports.mkdir()
    out.mkdir()
    (reports / "li.wei.html").write_text("x")
    code, _, _ = call(book, "-o", out / "class.html", "--reports", reports)
    assert code == 0
    written = (out / "class.html").read_text("utf-8")
    assert written.count('href="../their%20reports/li.wei.html"') >= 1
    assert "anna.html" not in written
    code, _, said = call(book, "-o", out / "class.html", "--reports", tmp_path / "elsewhere")
    assert code == 2
    assert "--reports: expected a folder" in said


def test_what_cannot_be_written_is_said(call: Call, book: Path, tmp_path: Path) -> None:
    code, _, said = call(book, "-o", tmp_path / "no" / "class.html")
    assert code == 2
    assert "cannot write" in said
    code, _, said = call(book, "--assignment", "other", "-o", tmp_path / "class.html")
    assert code == 2
    assert "expected one of autograd" in said
    assert not (tmp_path / "class.html").exists()
