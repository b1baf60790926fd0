"""Tables are as wide as a terminal, and as wide as their words where there is none; files are
written whole or not at all."""

from __future__ import annotations

import io
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from grader.cli.screen import print_table, write_file
from grader.errors import CallError

LONG = "moodle.zip/Maximiliana Longname_401_assignsubmission_file/homework.ipynb " * 3


@pytest.mark.parametrize("terminal", [True, False])
def test_words_are_folded_on_a_terminal_only(terminal: bool) -> None:
    file = io.StringIO()
    console = Console(file=file, width=80, soft_wrap=True, force_terminal=terminal)
    table = Table(box=None)
    table.add_column("path", overflow="fold")
    table.add_row(LONG)
    print_table(table, console)
    assert (LONG.strip() in file.getvalue()) is not terminal
    assert console.width == 80


@pytest.fixture
def small_disk() -> Iterator[int]:
    """No file may be larger than so many bytes: as on a disk that is full, writing fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield 100_000
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_nothing_is_left_of_a_file_that_cannot_be_written(tmp_path: Path, small_disk: int) -> None:
    (tmp_path / "marks.csv").write_bytes(b"before")
    with pytest.raises(CallError, match="cannot write"):
        write_file(tmp_path / "marks.csv", b"x" * (small_disk + 1))
    (tmp_path / "folder").mkdir()
    with pytest.raises(CallError, match="cannot write"):
        write_file(tmp_path / "folder", b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "marks.csv"]
    assert (tmp_path / "marks.csv").read_bytes() == b"before"


def test_a_dash_is_no_name_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard output is meant and not offered, no file of that name is left lying."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CallError, match="standard output"):
        write_file(Path("-"), b"x")
    assert list(tmp_path.iterdir()) == []
