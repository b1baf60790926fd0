"""What a batch says at its end on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from grader.batch import Closed, HandedIn, Place
from grader.classroom import line, overview
from grader.cli import shown
from grader.cli.screen import write_file
from grader.cli.shown import Progress, Screen
from grader.model.submission import Message
from grader.report import say
from tests.classroom.samples import klass


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_the_end_sums_the_class_up_and_names_its_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    console = Console(width=120, record=True, soft_wrap=True)
    monkeypatch.setattr(shown, "console", console)
    whole = overview("autograd", [line(grade) for grade in klass(200, seed=5)])
    closed = Closed(
        marks=tuple((one.score, 20.0) for one in whole.lines if one.score is not None),
        missing=tuple(one.key for one in whole.missing),
        open=(),
        refused=(),
        ended=(),
        slowest=(),
        overview=whole,
    )
    others = tuple(f"boris{number}" for number in range(30))
    handed = HandedIn(otherwise=(("anna", 3, 2),), absent=others)
    with console.capture() as captured, Place(tmp_path / "out", write_file) as place:
        Screen(Progress.plain, language).closed(closed, handed, place, "book.db")
    said = captured.get()
    assert "  anna: " in said
    assert "  boris0\n" in said
    assert said.count("  boris") == 10  # a second, small pile is not about the whole class
    assert say(Message("batch.more", {"count": 20}), language) in said
    assert str(tmp_path / "out" / "class.html") in said
    assert "sin-derivative-plot/legend" in said  # those who are good elsewhere fail it
    assert "gradient-argument/scalar:" not in said  # nothing is to be said of it
    commonest = whole.misconceptions[0]
    assert f"{len(commonest.students):>5} " in said
    assert all(wait.check in said for wait in whole.waiting.undecided)
