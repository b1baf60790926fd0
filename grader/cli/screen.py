"""What the commands share on the terminal: consoles, progress, messages, writing files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from grader.errors import CallError, GraderError, SpecError
from grader.languages import known
from grader.model.submission import Message
from grader.report import say

console = Console(soft_wrap=True)
errors = Console(stderr=True, soft_wrap=True)


_ANY_WIDTH = 10_000  # characters


def print_table(table: Table, to: Console = console) -> None:
    """Print a table: as wide as a terminal is; as wide as its words in a pipe or a file."""
    if to.is_terminal:
        to.print(table)
        return
    width, to.width = to.width, _ANY_WIDTH
    try:
        to.print(table)
    finally:
        to.width = width


def language_of_system() -> str:
    """The catalog language that fits the environment's locale, `en` where none does."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return known(next((os.environ[name] for name in names if os.environ.get(name)), None))


@contextmanager
def telling(language: str) -> Iterator[None]:
    """What ends a command in here is told in `language`; outside it would be in the system's."""
    try:
        yield
    except GraderError as error:
        say_error(error, language)
        raise typer.Exit(error.exit_code) from error


def say_error(error: GraderError, language: str | None = None) -> None:
    """Print an error for the person who called, where it can be in `language` or the system's."""
    if error.message_id is not None:
        message = Message(error.message_id, error.params)
        errors.print(say(message, language or language_of_system()), style="red", markup=False)
    elif isinstance(error, SpecError):
        count = len(error.problems)
        errors.print(f"{count} mistake{'s' if count != 1 else ''} in the course:", style="red")
        for problem in error.problems:
            errors.print(f"  {problem.file}: {problem.key}", style="bold", markup=False)
            errors.print(f"    expected {problem.expected}", markup=False)
            errors.print(f"    found    {problem.found}", markup=False)
    else:
        errors.print(str(error), style="red", markup=False)


def ask(question: Message, language: str) -> bool:
    """The answer to a question of yes or no; Return is yes.

    Raises:
        typer.Abort: there is nobody to answer.
    """
    yes = {"", "y", "yes", *say(Message("ask.yes"), language).split()}
    no = {"n", "no", *say(Message("ask.no"), language).split()}
    while True:
        try:
            answer = console.input(f"{say(question, language)} ", markup=False).strip().lower()
        except EOFError:
            console.print()
            raise typer.Abort from None
        if answer in yes | no:
            return answer in yes
        console.print(say(Message("ask.again"), language), markup=False)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, gone when it is done; nothing when not on a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(label, total=None)

        def update(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield update


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; an existing one is replaced.

    Raises:
        CallError: it cannot be written; or it is `-`, which is taken for a name nowhere.
    """
    if str(path) == "-":
        raise CallError("expected the name of a file, found -: this does not go to standard output")
    try:
        part = tempfile.NamedTemporaryFile(dir=path.parent, delete=False)  # noqa: SIM115
        try:
            with part:
                part.write(data)
            mask = os.umask(0)
            os.umask(mask)
            Path(part.name).chmod(0o666 & ~mask)
            Path(part.name).replace(path)
        except BaseException:  # what is left would fill the disk, and hold marks
            with suppress(OSError):
                Path(part.name).unlink()
            raise
    except OSError as error:
        raise CallError(f"cannot write {path}: {error.strerror or error}") from error
