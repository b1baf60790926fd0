"""`grader export`: a gradebook's marks in the formats of other systems."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import typer

from grader import export
from grader.cli.gradebook import ASSIGNMENT, COUNTED, Counted, chosen, opened
from grader.cli.language import Language
from grader.cli.named import named_assignment
from grader.cli.screen import console, errors, write_file
from grader.errors import CallError
from grader.export.autograder import Orders, autograder
from grader.model.record import Grade
from grader.pipeline import diagnosis_texts, draw_seed
from grader.spec import find_course
from grader.submit.names import safe_name


class Format(StrEnum):
    """Whose format."""

    csv = "csv"
    canvas = "canvas"
    moodle = "moodle"
    nbgrader = "nbgrader"
    gradescope = "gradescope"
    json = "json"


class Per(StrEnum):
    """What a row of the CSV is about."""

    exercise = "exercise"
    check = "check"


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export_command)


def export_command(
    book: str | None = typer.Argument(
        None, help="The gradebook: a file, or postgresql://USER@HOST/DATABASE."
    ),
    format: Format = typer.Option(Format.csv, help="Whose format."),
    output: Path = typer.Option(
        ...,
        "--output",
        "-o",
        help="The file to write (- for standard output); for gradescope a "
        "new folder of `STUDENT/results.json`.",
    ),
    assignment: str | None = ASSIGNMENT,
    attempts: Counted = COUNTED,
    per: Per = typer.Option(
        Per.exercise, help="csv: a row a student with every exercise, or a row a check."
    ),
    title: str | None = typer.Option(
        None, help="canvas, moodle: what the assignment is called there, `Autograd (4711)`."
    ),
    percent: bool = typer.Option(False, "--percent", help="canvas, moodle: percent, not points."),
    as_of: str | None = typer.Option(
        None,
        help="gradescope, moodle, json: when students read it (ISO 8601; UTC without a zone); "
        "now by default.",
    ),
    language: Language | None = typer.Option(
        None, help="gradescope: language of the texts; by default each notebook's."
    ),
    gradescope_autograder: bool = typer.Option(
        False,
        "--gradescope-autograder",
        help="No gradebook, but the zip with which Gradescope grades --assignment by itself.",
    ),
    course: Path | None = typer.Option(
        None, help="For the autograder: the course's folder; by default the nearest one upward."
    ),
    seed: int | None = typer.Option(
        None,
        min=0,
        help="For the autograder: of its hidden inputs, so keep it secret; drawn by default.",
    ),
) -> None:
    """Write a gradebook's marks for a spreadsheet or another system, or an autograder.

    The autograder holds the references, so give the zip to nobody but Gradescope. It builds the
    walls that Gradescope's container lets it build, and names them in each result. Checks that are
    not shown yet are one hidden test; a fault of the grader is a failed run and no zero.

    Examples:

        grader export out/gradebook.db --format csv -o marks.csv

        grader export out/gradebook.db --format canvas --title "Autograd (4711)" -o canvas.csv

        grader export out/gradebook.db --format gradescope --as-of 2026-12-01 -o results

        grader export --gradescope-autograder --assignment autograd -o autograder.zip
    """  # fmt: skip
    if gradescope_autograder:
        _autograder(book, output, assignment, course, seed, language)
        return
    if book is None:
        raise CallError("expected a gradebook, or --gradescope-autograder; found neither")
    now = datetime.now(UTC)
    with opened(book) as open_book:
        grades = tuple(open_book.grades(chosen(open_book, assignment), attempts=attempts.value))
    moment = as_of or now.isoformat(timespec="seconds")
    if format is Format.gradescope:
        _folder(output, grades, moment, language.value if language else None)
        return
    text = {
        Format.csv: lambda: (export.exercises if per is Per.exercise else export.checks)(grades),
        Format.canvas: lambda: export.canvas(grades, title, percent=percent),
        Format.moodle: lambda: export.moodle(grades, title, percent=percent, as_of=moment),
        Format.nbgrader: lambda: export.nbgrader(grades),
        Format.json: lambda: _json(export.interchange(grades, now, moment)),
    }[format]()
    if str(output) == "-":
        typer.echo(text, nl=False)
    else:
        write_file(output, text.encode("utf-8"))
        console.print(f"{output}: {len(grades)} students", markup=False)
    _warn(grades)
    if format in (Format.canvas, Format.moodle) and not percent:
        _warn_of_fewer(grades)


def _autograder(
    book: str | None,
    output: Path,
    assignment: str | None,
    course: Path | None,
    seed: int | None,
    language: Language | None,
) -> None:
    if book is not None or assignment is None:
        raise CallError(
            "--gradescope-autograder: expected --assignment and no gradebook, found "
            f"{book or 'no --assignment'}"
        )
    root = find_course(course or Path())
    loaded = named_assignment(root, assignment)
    drawn = draw_seed() if seed is None else seed
    orders = Orders(loaded.id, drawn, language.value if language else None)
    write_file(output, autograder(root, loaded, orders))
    console.print(f"{output}: {loaded.id}, {len(loaded.exercises)} exercises", markup=False)


def _folder(folder: Path, grades: tuple[Grade, ...], as_of: str, language: str | None) -> None:
    from grader.giveback import sink  # noqa: PLC0415  what other formats do not need

    if str(folder) == "-":
        raise CallError("--output: expected a new folder, found -, which is standard output")
    ready = [grade for grade in grades if grade.standing == "graded" and grade.result is not None]
    with sink(folder, zipped=False) as write:
        for grade in ready:
            body = export.gradescope(grade, as_of, diagnosis_texts, language)
            name = safe_name(grade.student.key)
            write(f"{name}/results.json", _json(body).encode("utf-8"))
    console.print(f"{folder}: {len(ready)} students", markup=False)
    _warn(grades)


def _json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _warn(grades: tuple[Grade, ...]) -> None:
    """Say who has no mark in the file."""
    for standing, words in (
        ("not_graded", "without a mark, because the grader could not decide"),
        ("pending", "without a mark, because nothing was graded yet"),
        ("missing", "handed in nothing"),
    ):
        who = [grade.student.key for grade in grades if grade.standing == standing]
        if who:
            errors.print(f"{len(who)} {words}: {', '.join(who)}", style="yellow", markup=False)


def _warn_of_fewer(grades: tuple[Grade, ...]) -> None:
    """Say whose points are out of fewer than the column's, so that the rest would count against."""
    most = export.highest(grades)
    who = [
        grade.student.key
        for grade in grades
        if grade.standing == "graded" and grade.mark and grade.mark.max_score < (most or 0.0)
    ]
    if who:
        errors.print(
            f"{len(who)} with a mark out of fewer points than {most:g}, such as where a check is "
            f"undecidable: {', '.join(who)}. There, points count against them that nobody decided "
            "on. Decide by hand, or export --percent.",
            style="yellow",
            markup=False,
        )
