"""The command's entry: gathers the subcommands and turns errors into messages and exit codes."""

from __future__ import annotations

import sys

import typer

import grader
from grader import system
from grader.cli import (
    author,
    autograder,
    batch,
    classroom,
    explain,
    export,
    gradebook,
    instructor,
    intake,
    machine,
    regrade,
    report,
    student,
)
from grader.cli.screen import errors, language_of_system, say_error
from grader.errors import GraderError
from grader.model.submission import Message
from grader.report import say

app = typer.Typer(
    name="grader",
    help="Grades PyTorch autograd exercises handed in as Jupyter notebooks, and says why an answer "
    "is wrong.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


_STOPPED = 130  # what newer versions of typer make of Ctrl-C, too


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"grader {grader.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and leave."
    ),
) -> None:
    """Options of every command."""


student.add(app)
instructor.add(app)
intake.add(app)
batch.add(app)
regrade.add(app)
report.add(app)
gradebook.add(app)
classroom.add()
export.add(app)
author.add(app)
explain.add(app)
machine.add(app)
autograder.add(app)


def main() -> None:
    """Run the command; errors that the grader raises on purpose become one message each."""
    system.speak_plainly()
    try:
        # outside its standalone mode, typer gives the code of a `typer.Exit` back
        code = app(standalone_mode=False) or 0
    except (typer.Abort, KeyboardInterrupt):
        code = _STOPPED
    except GraderError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # a click usage error
            error.show()
            sys.exit(error.exit_code)
        raise
    if code == _STOPPED:
        errors.print(say(Message("command.stopped"), language_of_system()), markup=False)
    sys.exit(code)
