"""Which modules a call imports."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest
import typer

from grader.cli import command_line
from grader.cli.app import COMMANDS


def names(arguments: Sequence[str]) -> list[str]:
    command = typer.main.get_command(command_line(arguments))
    return list(command.commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_there_when_it_is_called(name: str) -> None:
    assert name in names([name, "--help"])


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version", "check"], ["chekc"]])
def test_all_commands_are_there_where_none_is_called(arguments: list[str]) -> None:
    assert sorted(names(arguments)) == sorted(COMMANDS)


def test_a_call_of_one_command_imports_no_other() -> None:
    ask = (
        "import sys; from grader.cli import command_line; command_line(['doctor']);"
        "print('grader.cli.machine' in sys.modules, 'grader.cli.batch' in sys.modules)"
    )
    asked = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["True", "False"]
