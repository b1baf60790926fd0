"""What students call: `check` before handing in, `submit` to hand in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import typer
from rich.text import Text

from grader import early, system
from grader.cli.language import Language
from grader.cli.screen import (
    ask,
    console,
    errors,
    language_of_system,
    progress,
    say_error,
    telling,
)
from grader.cli.watch import Watch
from grader.errors import InternalError, MachineError, SubmissionError
from grader.kernel import FontList, KernelServer
from grader.model.submission import Message
from grader.notebook import load
from grader.pipeline import Graded, check_public, diagnosis_texts, draw_seed
from grader.report import for_audience, say, terminal
from grader.submit import Envelope, Folder, identity, save_receipt


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("check")(check_command)
    app.command("submit")(submit_command)


def check_command(
    notebook: Path = typer.Argument(help="Your notebook."),
    language: Language | None = typer.Option(None, help="Language of the texts."),
    seed: int | None = typer.Option(None, min=0, help="Seed of random numbers."),
    watch: bool = typer.Option(
        False, "--watch", help="Check again whenever you save; Ctrl-C ends."
    ),
) -> None:
    """Run your notebook and show its public checks. Nothing is handed in.

    Exit code 0 when all public checks pass, 1 when there is something to fix. With --watch it is 0.

    Examples:

        grader check hw.ipynb

        grader check hw.ipynb --watch
    """
    with telling(_spoken(language)):
        if watch:
            with contextlib.suppress(KeyboardInterrupt):
                load(notebook)  # a name that is wrong from the start is not waited for
                with warm_kernels() as server:
                    watch_notebook(notebook, language, seed, server, Watch(lambda: [notebook]))
            return
        graded = _check(notebook, language, seed)
    if _unfinished(graded):
        raise typer.Exit(1)


def _spoken(language: Language | None) -> str:
    return language.value if language else language_of_system()


@contextlib.contextmanager
def warm_kernels(*, once: bool = False) -> Iterator[str | None]:
    """The address of a fork server; None where kernels cannot be forked and start by themselves.

    It has no walls: what runs is the student's own. `once`: it is for one notebook.
    """
    if not system.WATCHES:
        with FontList():
            yield None
        return
    try:
        server = early.server(walls=False, once=once) or KernelServer(layers=(), once=once)
    except (MachineError, OSError):
        yield None
        return
    with server:
        yield server.address


def watch_notebook(
    notebook: Path, language: Language | None, seed: int | None, server: str | None, turns: Watch
) -> None:
    """Check a notebook in every turn; what is wrong with it, or with us, is said."""
    spoken = _spoken(language)
    for _ in turns:
        try:
            graded = _run(notebook, language, seed, server)
        except SubmissionError as error:
            if not turns.still():
                continue  # it was being written
            _separate(notebook)
            say_error(error, spoken)
        except InternalError as error:
            _separate(notebook)
            say_error(error, spoken)
        else:
            spoken = graded.result.language
            _separate(notebook)
            _show(graded)
        console.print(_say(spoken, "watch.waiting"), style="dim", markup=False)


def _separate(notebook: Path) -> None:
    """Leave what was said before behind."""
    console.clear()
    console.rule(Text(f"{notebook.name}, {datetime.now():%H:%M:%S}"))


def _check(notebook: Path, language: Language | None, seed: int | None) -> Graded:
    with warm_kernels(once=True) as server:
        graded = _run(notebook, language, seed, server)
        _show(graded)
    return graded


def _run(notebook: Path, language: Language | None, seed: int | None, server: str | None) -> Graded:
    data = load(notebook)
    with progress(notebook.name) as update:
        return check_public(
            data,
            notebook.name,
            seed=draw_seed() if seed is None else seed,
            folder=notebook.parent,
            language=language.value if language else None,
            progress=update,
            server=server,
        )


def _show(graded: Graded) -> None:
    result = for_audience(graded.result, "student", None, None)
    texts = diagnosis_texts(result)
    terminal(result, result.language, console, texts, assignment=graded.assignment)


def _unfinished(graded: Graded) -> bool:
    findings = [finding for e in graded.result.exercises for finding in e.checks]
    return graded.result.run.status != "completed" or any(f.status != "passed" for f in findings)


def submit_command(
    notebook: Path = typer.Argument(help="Your notebook."),
    to: Path = typer.Option(..., "--to", help="The course's folder for submissions."),
    student: str | None = typer.Option(
        None, help="Who you are; otherwise from the configuration file, or the system's user."
    ),
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
    check: bool = typer.Option(True, help="Run the public checks first."),
    language: Language | None = typer.Option(None, help="Language of the texts."),
) -> None:
    """Hand in your notebook and get a receipt.

    Examples:

        grader submit hw.ipynb --to /srv/course/submissions

        grader submit hw.ipynb --to /srv/course/submissions --student li.wei --yes
    """
    with telling(_spoken(language)):
        _submit(notebook, to, student, yes, check, language)


def _submit(
    notebook: Path, to: Path, student: str | None, yes: bool, check: bool, language: Language | None
) -> None:
    spoken = _spoken(language)
    data = load(notebook)
    who = identity(student)
    console.print(say(who.message, spoken), markup=False)
    if check:
        graded = _check(notebook, language, None)
        assignment = graded.result.assignment
        spoken = language.value if language else graded.result.language
    else:
        from grader.border import SlotDied, claimed_assignment  # noqa: PLC0415

        try:
            claimed = claimed_assignment(data, notebook.name)
        except SlotDied as died:
            raise SubmissionError("input.not-a-notebook", name=notebook.name) from died
        if claimed is None:
            raise SubmissionError("input.no-stamp")
        assignment = claimed
    envelope = Envelope(assignment=assignment, student=who.name, file=notebook.name, content=data)
    size = f"{len(data) / 1024:.0f}"
    console.print(
        _say(spoken, "submit.summary", file=notebook.name, assignment=assignment, size=size)
    )
    if not yes and not ask(Message("submit.ask"), spoken):
        errors.print(_say(spoken, "submit.declined"))
        raise typer.Exit(1)
    receipt = Folder(to).deliver(envelope)
    saved = save_receipt(receipt, notebook)
    for message in receipt.messages(saved):
        console.print(say(message, spoken), markup=False)


def _say(language: str, message_id: str, **params: str | int | float) -> str:
    return say(Message(message_id, params), language)
