"""`grader grade`: one notebook against the course."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import typer

from grader import early
from grader.border import SlotDied, claimed_assignment
from grader.cli.isolation import HELP, Isolation, kernels
from grader.cli.language import Language
from grader.cli.named import named_assignment
from grader.cli.screen import console, language_of_system, progress, telling, write_file
from grader.errors import CallError, InternalError
from grader.model.result import Audience
from grader.notebook import load
from grader.pipeline import diagnosis_texts, draw_seed, grade
from grader.reference import ReferenceProcess
from grader.report import for_audience, html, markdown, terminal, to_json
from grader.report import notebook as executed
from grader.spec import companions, find_course, load_assignment, references


class Who(StrEnum):
    """Whose eyes a report is for."""

    student = "student"
    instructor = "instructor"


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("grade")(grade_command)


def grade_command(
    notebook: Path = typer.Argument(help="The notebook (.ipynb) or percent script (.py)."),
    assignment: str | None = typer.Option(
        None, help="The assignment it answers; by default the one that the notebook names."
    ),
    course: Path | None = typer.Option(
        None, help="The course's folder; by default the nearest one upward."
    ),
    json_file: Path | None = typer.Option(
        None, "--json", help="Write the result as JSON; - for standard output."
    ),
    html_file: Path | None = typer.Option(None, "--html", help="Write the report as a page."),
    markdown_file: Path | None = typer.Option(
        None, "--markdown", help="Write the report as Markdown, for a comment box."
    ),
    notebook_file: Path | None = typer.Option(
        None, "--notebook", help="Write the executed notebook with feedback beside each exercise."
    ),
    seed: int | None = typer.Option(
        None, min=0, help="Seed of hidden inputs and of the kernel; drawn and recorded by default."
    ),
    language: Language | None = typer.Option(
        None, help="Language of the report; by default the notebook's."
    ),
    audience: Who = typer.Option(Who.instructor, help="Whose eyes the report is for."),
    as_of: str | None = typer.Option(
        None,
        help="The time at which a student would read it (ISO 8601; UTC without a zone); "
        "now by default.",
    ),
    student: str | None = typer.Option(None, help="Whose notebook it is, for the record."),
    companion: list[Path] = typer.Option(
        [], help="A file or folder that lies beside the notebook when it runs; may be repeated."
    ),
    isolation: Isolation = typer.Option(Isolation.full, help=HELP),
) -> None:
    """Grade one notebook.

    Exit code 0 when it was graded, whatever the score; 1 when the grader itself failed.

    Examples:

        grader grade hw.ipynb

        grader grade hw.ipynb --json - --html report.html --seed 7

        grader grade hw.ipynb --audience student --as-of 2026-12-01

        grader grade hw.ipynb --audience student --markdown comment.md --notebook feedback.ipynb
    """
    spoken = language.value if language else language_of_system()
    # In this order, what went wrong is told before the server ends, which may still import torch.
    with ExitStack() as stack, telling(spoken):
        _check_time(as_of)
        data = load(notebook)
        root = _course(course or Path())
        named = None if assignment is None else named_assignment(root, assignment)
        beside = _contents(companion)
        if named is None:
            # The server of kernels takes seconds to import torch. Meanwhile the notebook is asked
            # which assignment it answers; one that wants more imported gets a server of its own.
            server = stack.enter_context(kernels(isolation, once=True))
            named = load_assignment(root, _claimed(data, notebook.name, root))
            if named.preload:
                server = stack.enter_context(kernels(isolation, named.preload, once=True))
        else:
            server = stack.enter_context(kernels(isolation, named.preload, once=True))
        beside = dict(companions(root, named)) | beside
        with (
            ReferenceProcess(references(root, named), begun=early.worker()) as process,
            progress(notebook.name) as update,
        ):
            graded = grade(
                data,
                notebook.name,
                named,
                process,
                seed=draw_seed() if seed is None else seed,
                companions=beside,
                student=student,
                language=language.value if language else None,
                progress=update,
                server=server,
            )
    who: Audience = audience.value
    now = as_of or datetime.now(UTC).isoformat(timespec="seconds")
    result = for_audience(graded.result, who, now if who == "student" else as_of, named.due)
    texts = diagnosis_texts(result)
    if html_file is not None:
        page = html(
            result,
            graded.submission,
            graded.capture,
            result.language,
            texts,
            assignment=graded.assignment,
        )
        write_file(html_file, page.encode())
    if markdown_file is not None:
        words = markdown(result, result.language, texts, assignment=graded.assignment)
        write_file(markdown_file, words.encode())
    if notebook_file is not None:
        write_file(
            notebook_file,
            executed(
                result,
                graded.submission,
                graded.capture,
                result.language,
                texts,
                assignment=graded.assignment,
            ),
        )
    if json_file is not None:
        plain = json.dumps(to_json(result, result.language, texts), ensure_ascii=False, indent=2)
        if str(json_file) == "-":
            typer.echo(plain)
        else:
            write_file(json_file, (plain + "\n").encode())
    if json_file is None or str(json_file) != "-":
        terminal(result, result.language, console, texts, assignment=graded.assignment)
    if result.status == "not_graded":
        with telling(result.language):
            raise InternalError.told("grade.not-graded", exercises=result.reason or "")


def _check_time(text: str | None) -> None:
    try:
        datetime.fromisoformat(text or "2000-01-01")
    except ValueError as error:
        raise CallError.told("grade.time", written=text or "") from error


def _course(start: Path) -> Path:
    try:
        return find_course(start)
    except CallError as error:
        raise CallError.told("grade.no-course", folder=str(start.resolve())) from error


def _claimed(data: bytes, name: str, course: Path) -> str:
    """The assignment that the notebook names, or the course's only one."""
    try:
        claimed = claimed_assignment(data, name)
    except SlotDied:
        claimed = None
    known = sorted(path.stem for path in (course / "exercises" / "assignments").glob("*.toml"))
    if claimed is not None and claimed in known:
        return claimed
    if claimed is None and len(known) == 1:
        return known[0]
    there = ", ".join(known) or "—"
    if claimed is None:
        raise CallError.told("grade.no-assignment", name=name, known=there)
    raise CallError.told("grade.other-assignment", name=name, claimed=claimed, known=there)


def _contents(paths: list[Path]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    found[str(file.relative_to(path))] = file.read_bytes()
        elif path.is_file():
            found[path.name] = path.read_bytes()
        else:
            raise CallError.told("grade.companion", path=str(path))
    return found
