"""What students call: `check` before handing in, `submit` to hand in."""

from __future__ import annotations

from pathlib import Path

import typer

from grader.cli.instructor import Language
from grader.cli.screen import console, errors, language_of_system, progress
from grader.errors import SubmissionError
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
) -> None:
    """Run your notebook and show its public checks. Nothing is handed in.

    Exit code 0 when all public checks pass, 1 when there is something to fix.

    Example:

        grader check hw.ipynb
    """
    graded = _check(notebook, language, seed)
    if _unfinished(graded):
        raise typer.Exit(1)


def _check(notebook: Path, language: Language | None, seed: int | None) -> Graded:
    data = load(notebook)
    with progress(notebook.name) as update:
        graded = check_public(
            data,
            notebook.name,
            seed=draw_seed() if seed is None else seed,
            folder=notebook.parent,
            language=language.value if language else None,
            progress=update,
        )
    result = for_audience(graded.result, "student", None, None)
    terminal(result, result.language, console, diagnosis_texts(result))
    return graded


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
    spoken = language.value if language else language_of_system()
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
    if not yes and not typer.confirm(_say(spoken, "submit.ask"), default=True):
        errors.print(_say(spoken, "submit.declined"))
        raise typer.Exit(1)
    receipt = Folder(to).deliver(envelope)
    saved = save_receipt(receipt, notebook)
    for message in receipt.messages(saved):
        console.print(say(message, spoken), markup=False)


def _say(language: str, message_id: str, **params: str | int | float) -> str:
    return say(Message(message_id, params), language)
