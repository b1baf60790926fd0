"""The command's entry: gathers the subcommands and turns errors into messages and exit codes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import typer

import grader
from grader import system
from grader.cli.screen import errors, language_of_system, say_error
from grader.errors import STOPPED, GraderError
from grader.model.submission import Message
from grader.report import say

COMMANDS = {
    "check": "student",
    "submit": "student",
    "grade": "instructor",
    "intake": "intake",
    "batch": "batch",
    "regrade": "regrade",
    "report": "report",
    "gradebook": "classroom",
    "export": "export",
    "exercises": "author",
    "new": "author",
    "release": "author",
    "try": "author",
    "explain": "explain",
    "doctor": "machine",
    "autograde": "autograder",
}
"""The module of each command: to import all of them takes up to a second longer than one."""


def command_line(arguments: Sequence[str] = ()) -> typer.Typer:
    """The commands that these arguments are for: one, or all where none is named first."""
    app = typer.Typer(
        name="grader",
        help="Grades PyTorch autograd exercises handed in as Jupyter notebooks, and says why an "
        "answer is wrong.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )
    app.callback()(_options)
    named = [COMMANDS[name] for name in arguments[:1] if name in COMMANDS]
    for module in named or dict.fromkeys(COMMANDS.values()):
        importlib.import_module(f"grader.cli.{module}").add(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"grader {grader.__version__}")
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and leave."
    ),
) -> None:
    """Options of every command."""


def main() -> None:
    """Run the command; errors that the grader raises on purpose become one message each."""
    system.speak_plainly()
    try:
        # outside its standalone mode, typer gives the code of a `typer.Exit` back
        code = command_line(sys.argv[1:])(standalone_mode=False) or 0
    except (typer.Abort, KeyboardInterrupt):
        code = STOPPED
    except GraderError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # a click usage error
            error.show()
            sys.exit(error.exit_code)
        raise
    if code == STOPPED:
        errors.print(say(Message("command.stopped"), language_of_system()), markup=False)
    sys.exit(code)
