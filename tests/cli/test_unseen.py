"""What students are never shown, because there is no due time, is told to the instructor, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from grader.cli import shown
from grader.cli.shown import Progress, Screen
from grader.gradebook import Gradebook
from grader.spec import load_assignment
from tests.gradebook.samples import ANNA, FULL, HALF, LI, NOON, SPEC, give

from .conftest import Call

COURSE = Path(__file__).parent.parent.parent


def book(path: Path, due: str | None) -> Path:
    with Gradebook(path, create=True, clock=lambda: NOON) as opened:
        opened.specify(replace(SPEC, hash="b2" * 32, due=due))
        give(opened, LI, replace(HALF, spec_hash="b2" * 32))
        give(opened, ANNA, replace(FULL, spec_hash="b2" * 32), b"right")
    return path


@pytest.mark.parametrize("dry", [True, False])
def test_a_report_for_students_says_what_they_are_never_shown(
    call: Call, tmp_path: Path, dry: bool
) -> None:
    path = book(tmp_path / "book.db", None)
    more = ["--dry-run"] if dry else []
    code, _, err = call("report", path, "--audience", "student", "-o", tmp_path / "out", *more)
    assert code == 0
    assert err.count("no due time") == 1
    assert "checks: 1, points: 1" in err
    assert f"grader regrade {path} --yes" in err


@pytest.mark.parametrize(
    ("due", "audience"),
    [("2026-10-02", "student"), ("2099-01-01", "student"), (None, "instructor")],
)
def test_it_is_not_said_where_they_are_shown_or_nobody_is_kept_from_them(
    call: Call, tmp_path: Path, due: str | None, audience: str
) -> None:
    path = book(tmp_path / "book.db", due)
    _, _, err = call("report", path, "--audience", audience, "-o", tmp_path / "out")
    assert "due time" not in err


@pytest.mark.parametrize("due", [None, "2026-12-01T18:00+00:00"])
def test_a_batch_says_it_at_its_end(monkeypatch: pytest.MonkeyPatch, due: str | None) -> None:
    console = Console(width=120, soft_wrap=True)
    monkeypatch.setattr(shown, "console", console)
    loaded = replace(load_assignment(COURSE, "autograd"), due=due)
    late = [c for e in loaded.exercises for c in e.checks if c.visibility == "after_due"]
    with console.capture() as captured:
        Screen(Progress.plain, "en").never_shown(loaded, "book.db")
    assert bool(captured.get()) == (due is None and bool(late))
    if due is None:
        points = sum(check.points for check in late)
        assert f"checks: {len(late)}, points: {points:g}" in " ".join(captured.get().split())
