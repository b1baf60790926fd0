"""What the commands share on the terminal: consoles, progress, messages, writing files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grader.errors import CallError, GraderError, SpecError, SubmissionError
from grader.model.submission import Message
from grader.report import say

console = Console(soft_wrap=True)
errors = Console(stderr=True, soft_wrap=True)

LANGUAGES = ("en", "zh", "ru")


def language_of_system() -> str:
    """The catalog language that fits the environment's locale, `en` where none does."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        code = os.environ.get(name, "")[:2].lower()
        if code:
            return code if code in LANGUAGES else "en"
    return "en"


def say_error(error: GraderError) -> None:
    """Print an error for the person who called."""
    if isinstance(error, SubmissionError):
        message = Message(error.message_id, error.params)
        errors.print(say(message, language_of_system()), style="red", markup=False)
    elif isinstance(error, SpecError):
        count = len(error.problems)
        errors.print(f"{count} mistake{'s' if count != 1 else ''} in the course:", style="red")
        for problem in error.problems:
            errors.print(f"  {problem.file}: {problem.key}", style="bold", markup=False)
            errors.print(f"    expected {problem.expected}", markup=False)
            errors.print(f"    found    {problem.found}", markup=False)
    else:
        errors.print(str(error), style="red", markup=False)


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
        CallError: it cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(part.name).chmod(0o666 & ~mask)
        Path(part.name).replace(path)
    except OSError as error:
        raise CallError(f"cannot write {path}: {error.strerror or error}") from error
