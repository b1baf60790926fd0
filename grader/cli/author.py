"""What authors call: the catalogue, a new exercise, a release, and a second look on every save."""

from __future__ import annotations

from pathlib import Path

import typer

from grader.cli.language import Language
from grader.cli.named import named_assignment
from grader.cli.screen import console, errors, progress, write_file
from grader.cli.watch import Watch
from grader.errors import CallError, SpecError
from grader.kernel import KernelServer
from grader.languages import ENGLISH
from grader.model.exercise import Assignment
from grader.pipeline import diagnosis_texts
from grader.reference import ReferenceProcess
from grader.release import release, write
from grader.report import html
from grader.scaffold import create
from grader.selftest import NO_SAMPLE, Sample, complaints, never_rejected, run, samples
from grader.spec import (
    companions,
    exercise_ids,
    find_course,
    load_exercise,
    references,
    to_stamp,
)


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("exercises")(exercises_command)
    app.command("new")(new_command)
    app.command("release")(release_command)
    app.command("try")(try_command)


_COURSE = typer.Option(None, help="The course's folder; by default the nearest one upward.")


def exercises_command(
    exercise: str | None = typer.Argument(None, help="Show one exercise and its checks."),
    course: Path | None = _COURSE,
) -> None:
    """List the course's exercises, or one exercise's checks.

    Examples:

        grader exercises

        grader exercises backward-twice
    """
    root = find_course(course or Path())
    if exercise is None:
        for name in exercise_ids(root):
            loaded = load_exercise(root, name)
            title = loaded.title.get("en") or next(iter(loaded.title.values()))
            languages = ", ".join(sorted(loaded.prompts))
            console.print(
                f"{name:24} {loaded.points:g} points, {len(loaded.checks)} checks, "
                f"{languages}: {title}",
                markup=False,
            )
        return
    loaded = load_exercise(root, exercise)
    console.print(f"{loaded.id}: {loaded.points:g} points", markup=False)
    for check in loaded.checks:
        extra = ", varied" if check.vary else ""
        needs = f", needs {', '.join(check.needs)}" if check.needs else ""
        console.print(
            f"  {check.id:24} {check.kind:7} {check.points:g} points, {check.visibility}"
            f"{extra}{needs}",
            markup=False,
        )
    for warning in loaded.warnings:
        errors.print(f"warning: {warning}", style="yellow", markup=False)


def new_command(
    exercise: str = typer.Argument(help="Id of the new exercise, in kebab-case."),
    course: Path | None = _COURSE,
) -> None:
    """Lay out the files of a new exercise, ready to fill in.

    It loads at once; its self-test fails until it has samples, and says what is lacking.

    Example:

        grader new second-derivative
    """
    root = find_course(course or Path())
    for path in create(root, exercise):
        console.print(f"wrote {path.relative_to(root)}", markup=False)
    console.print(
        f"Next: change them to what you mean, and put samples into solutions/{exercise}/accepted/ "
        f"(right answers) and solutions/{exercise}/wrong/<misconception>/ (wrong ones).\n"
        f"Keep `grader try {exercise}` running meanwhile; `pytest exercises/{exercise}` holds all "
        "of it."
    )


def release_command(
    assignment: str = typer.Argument(help="Id of an assignment, or of one exercise."),
    output: Path = typer.Option(..., "--output", "-o", help="The notebook to write."),
    language: Language = typer.Option(Language(ENGLISH), help="Language of the prompts."),
    force: bool = typer.Option(False, "--force", help="Replace a different notebook."),
    course: Path | None = _COURSE,
) -> None:
    """Write the student's notebook of an assignment.

    It carries the prompts, the starter cells, and what `grader check` needs; no reference.

    Example:

        grader release autograd --language zh -o hw.ipynb
    """
    root = find_course(course or Path())
    loaded = named_assignment(root, assignment)
    data = release(loaded, language.value, to_stamp(loaded, language.value))
    write(output, data, companions(root, loaded), force=force)
    console.print(f"wrote {output}", markup=False)
    for item in loaded.exercises:
        if language.value not in item.prompts:
            errors.print(
                f"warning: {item.id} has no prompt in {language.value}; another one was used",
                style="yellow",
            )


def try_command(
    exercise: str = typer.Argument(help="Id of the exercise."),
    once: bool = typer.Option(False, "--once", help="Run once and leave; exit 1 on a mismatch."),
    output: Path | None = typer.Option(
        None,
        "--output",
        "-o",
        help="Folder for the reports; `.grader/EXERCISE` in the course otherwise.",
    ),
    course: Path | None = _COURSE,
) -> None:
    """Grade an exercise's samples, show the reports, and do it again on every save.

    Examples:

        grader try backward-twice

        grader try backward-twice --once
    """
    root = find_course(course or Path())
    folder = output or root / ".grader" / exercise
    for _ in Watch(lambda: _files(root, exercise)):
        good = _try(root, exercise, folder)
        if once:
            raise typer.Exit(0 if good else 1)
        console.print("Waiting for a change; Ctrl-C ends.", style="dim")


def _files(root: Path, exercise: str) -> list[Path]:
    folders = (root / "exercises" / exercise, root / "solutions" / exercise)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def _try(root: Path, exercise: str, folder: Path) -> bool:
    try:
        assignment = named_assignment(root, exercise)
        found = samples(root, assignment)
    except SpecError as error:
        from grader.cli.screen import say_error  # noqa: PLC0415

        say_error(error)
        return False
    for warning in assignment.exercises[0].warnings:
        errors.print(f"warning: {warning}", style="yellow", markup=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CallError(f"cannot write reports to {folder}: {error.strerror}") from error
    good = True
    with ReferenceProcess(references(root, assignment)) as process, KernelServer() as server:
        for sample in found:
            good &= _sample(assignment, sample, process, server.address, folder)
    for lacking in never_rejected(assignment, found):
        good = False
        console.print(f"[red]✗[/red] {lacking}")
    if not any(sample.kind == "accepted" for sample in found):
        good = False
        console.print(f"[red]✗[/red] {NO_SAMPLE.format(exercise=exercise)}")
    console.print(f"reports: {folder}", markup=False)
    return good


def _sample(
    assignment: Assignment, sample: Sample, process: ReferenceProcess, server: str, folder: Path
) -> bool:
    with progress(sample.name):
        graded = run(assignment, sample, process, server)
        wrong = complaints(assignment, sample, graded, process)
    result = graded.result
    console.print(
        f"[{'red' if wrong else 'green'}]{'✗' if wrong else '✓'}[/] {sample.name} "
        f"({result.score:g} of {result.max_score:g})"
    )
    for line in wrong:
        console.print(f"    {line}", markup=False)
    page = html(
        result,
        graded.submission,
        graded.capture,
        "en",
        diagnosis_texts(result),
        assignment=graded.assignment,
    )
    write_file(folder / (sample.name.replace("/", "-") + ".html"), page.encode())
    return not wrong
