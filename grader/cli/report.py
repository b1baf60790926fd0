"""`grader report`: everybody's report, as its reader may see it, where a platform takes it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from grader.cli.gradebook import ASSIGNMENT, BOOK, COUNTED, Counted, chosen, opened
from grader.cli.language import Language
from grader.cli.screen import console, errors, print_table, progress
from grader.cli.unseen import never_shown, of_grade
from grader.errors import CallError, SpecError
from grader.model.exercise import Assignment
from grader.model.record import Grade
from grader.report import say
from grader.spec import find_course, load_assignment


class Audience(StrEnum):
    """Who reads the reports."""

    student = "student"
    instructor = "instructor"


class Platform(StrEnum):
    """Where the reports go."""

    folder = "folder"
    moodle = "moodle"
    canvas = "canvas"
    nbgrader = "nbgrader"


@dataclass(frozen=True, slots=True)
class _Line:
    """One student: the page's path and points, or why there is none."""

    student: str
    path: str | None
    points: str
    why: str
    handed_in: bool


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report_command)


def report_command(
    book: str = BOOK,
    audience: Audience = typer.Option(
        ..., help="Who reads them: `student` leaves out what students may not see yet."
    ),
    output: Path | None = typer.Option(
        None,
        "--output",
        "-o",
        help="A new folder; for moodle and canvas the zip; for nbgrader the course's folder, in "
        "which `feedback/` is written.",
    ),
    platform: Platform = typer.Option(
        Platform.folder, "--for", help="How they are named and packed."
    ),
    as_of: str | None = typer.Option(
        None,
        help="When students read it (ISO 8601; UTC without a zone); now by default. Checks that "
        "are shown after the due time are in it when that has passed then.",
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only list who would get what."),
    assignment: str | None = ASSIGNMENT,
    attempts: Counted = COUNTED,
    language: Language | None = typer.Option(
        None, help="Language of the texts; by default each notebook's."
    ),
    course: Path | None = typer.Option(
        None,
        help="The course's folder, for the tasks on the pages; by default the nearest one upward.",
    ),
) -> None:
    """Write everybody's report, one HTML page each.

    For students a page holds what they may see at that time and nothing else: hidden checks, and
    those that are shown after the due time before it, leave no trace in points, diagnoses or
    totals. What you wrote and decided by hand is on it, and what lateness takes. Where the
    assignment has no due time, the end says which points students are never shown.

    `--for moodle` makes the zip for "Upload multiple feedback files in a zip", `--for canvas` that
    for "Upload submissions"; both know a student by the name that the platform's own download
    gave to the notebook. `--for nbgrader` writes `feedback/<student>/<assignment>/<notebook>.html`.

    The tasks, folded on each page, come from the course as it is now; without a course at hand
    the pages are made without them.

    Exit code 1 when somebody who handed in gets no page; the end says who and why.

    Examples:

        grader report out/gradebook.db --audience student -o feedback

        grader report out/gradebook.db --audience student --as-of 2026-12-01T18:00 --dry-run

        grader report out/gradebook.db --audience student --for moodle -o feedback.zip

        grader report out/gradebook.db --audience student --for nbgrader -o course
    """
    if output is None and not dry_run:
        raise CallError("expected -o, where the reports go, or --dry-run, which only lists them")
    if str(output) == "-":
        raise CallError("--output: expected a new folder or zip, found -, which is standard output")
    moment = as_of or datetime.now(UTC).isoformat(timespec="seconds")
    from grader import giveback  # noqa: PLC0415  what other commands do not need

    zipped = platform in (Platform.moodle, Platform.canvas)
    tree = platform is Platform.nbgrader
    with opened(book) as open_book:
        name = chosen(open_book, assignment)
        total = len(open_book.students())
        written = None if dry_run else _written(course, name)
        lines: list[_Line] = []
        unseen: dict[tuple[str, str], float] = {}
        taken: set[str | None] = set()
        place = (
            nullcontext(None) if dry_run or output is None
            else giveback.sink(output, zipped=zipped, tree=tree)
        )  # fmt: skip
        with place as write, progress("reports") as told:
            for grade in open_book.grades(name, attempts=attempts.value):
                line = _line(grade, audience, platform, moment, taken)
                lines.append(line)
                unseen |= of_grade(grade) if audience is Audience.student else {}
                taken.add(line.path)
                if write is not None and line.path is not None and grade.attempt is not None:
                    observed = open_book.observed(grade.attempt.submission)
                    spoken = language.value if language else None
                    page = giveback.page(
                        grade, observed, audience.value, moment, spoken, assignment=written
                    )
                    write(line.path, page)
                told(len(lines), total)
    _tell(lines, output, dry_run)
    if (never := never_shown(unseen, book)) is not None:
        errors.print(say(never, "en"), style="yellow", markup=False)
    if any(line.handed_in and line.path is None for line in lines):
        raise typer.Exit(1)


def _written(course: Path | None, name: str) -> Assignment | None:
    """The assignment as its author wrote it; without `course`, None where it cannot be had."""
    try:
        return load_assignment(find_course(course or Path()), name)
    except (CallError, SpecError) as error:
        if course is not None:
            raise
        errors.print(f"The pages are without the tasks: {error}", style="yellow", markup=False)
        return None


def _line(
    grade: Grade, audience: Audience, platform: Platform, as_of: str, taken: set[str | None]
) -> _Line:
    from grader import giveback  # noqa: PLC0415

    student, handed_in = grade.student.key, grade.attempt is not None
    if grade.result is None:
        why = "because it is not graded yet" if handed_in else "who handed in nothing"
        return _Line(student, None, "", why, handed_in)
    if audience is Audience.student and grade.standing != "graded":
        return _Line(
            student, None, "", "because the grader could not decide all of it yet", handed_in
        )
    place = giveback.named(grade, platform.value)
    if place.path is not None and place.path in taken:
        return _Line(student, None, "", f"because {place.path} is somebody else's", handed_in)
    seen = giveback.shown(grade, audience.value, as_of)
    points = f"{seen.score:.4g} of {seen.max_score:g}"
    return _Line(student, place.path, points, place.why, handed_in)


def _tell(lines: list[_Line], output: Path | None, dry_run: bool) -> None:
    """Who gets what; without a dry run only who gets nothing."""
    given = [line for line in lines if line.path is not None]
    if dry_run:
        table = Table(box=None, pad_edge=False)
        for head in ("student", "shows", "file"):
            table.add_column(head)
        for line in given:
            table.add_row(Text(line.student), line.points, Text(str(line.path)))
        print_table(table)
        console.print(f"{len(given)} of {len(lines)} would get a report; nothing was written.")
    else:
        console.print(f"{output}: reports of {len(given)} of {len(lines)} students", markup=False)
    for why in sorted({line.why for line in lines if line.path is None}):
        who = [line.student for line in lines if line.path is None and line.why == why]
        said = f"{len(who)} without a report, {why}: {', '.join(who)}"
        errors.print(said, style="yellow", markup=False)
