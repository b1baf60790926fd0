"""Tables are as wide as a terminal, and as wide as their words where there is none."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.table import Table

from grader.cli.screen import print_table

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
