"""`grader gradebook`: looks into a gradebook, sets marks by hand, moves and removes data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from grader.cli.marks import decision, explained, flagged, score, summary, title
from grader.cli.screen import console, errors, print_table
from grader.errors import CallError
from grader.model.record import Grade
from grader.report.inert import one_line
from grader.submit import identity

if TYPE_CHECKING:
    from grader.gradebook import Gradebook

BOOK = typer.Argument(help="The gradebook: a file, or postgresql://USER@HOST/DATABASE.")
STUDENT = typer.Argument(
    help="The student's key, as `grader gradebook list` shows it, or a name that nobody else has."
)
KEY = typer.Argument(help="The student's key, as `grader gradebook list` shows it.")
ASSIGNMENT = typer.Option(None, help="The assignment; needed only where the book has several.")
ON = typer.Option(
    "", "--on", metavar="EXERCISE[/CHECK]", help="What it is about; by default the whole."
)
BY = typer.Option(None, "--by", help="Who decides; by default you, as `grader submit` knows you.")


class Counted(StrEnum):
    """Which attempt counts."""

    latest = "latest"
    best = "best"
    first = "first"


COUNTED = typer.Option(Counted.latest, "--attempts", help="Which attempt of a student counts.")

commands = typer.Typer(
    help="Look into a gradebook, set marks by hand, move and remove data.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


def opened(where: str, *, create: bool = False, only: Collection[int] | None = None) -> Gradebook:
    """The gradebook at `where`; what it needs is imported only here."""
    from grader.gradebook import Gradebook  # noqa: PLC0415

    return Gradebook(where, create=create, only=only)


def chosen(book: Gradebook, assignment: str | None) -> str:
    """The assignment that was named, or the book's only one.

    Raises:
        CallError: there is no such one, or there are several.
    """
    known = book.assignments()
    if assignment is None and len(known) == 1:
        return known[0]
    if assignment in known:
        return str(assignment)
    found = "none" if assignment is None else repr(assignment)
    raise CallError(
        f"{book.name}: --assignment: expected one of {', '.join(known) or '(the book is empty)'}, "
        f"found {found}"
    )


def keyed(book: Gradebook, student: str) -> str:
    """The key of who is meant: by their key, or by a name that nobody else has.

    Raises:
        CallError: several have that name.
    """
    everybody = book.students()
    if any(one.key == student for one in everybody):
        return student
    wanted = " ".join(student.casefold().split())
    named = [one for one in everybody if " ".join(one.name.casefold().split()) == wanted]
    if len(named) > 1:
        keys = ", ".join(repr(one.key) for one in named)
        raise CallError(f"{student!r} is the name of {len(named)} students. Say the key: {keys}")
    if named:
        errors.print(f"{student} is {named[0].key}.", style="dim", markup=False)
    return named[0].key if named else student


@commands.command("list")
def list_command(
    book: str = BOOK,
    assignment: str | None = ASSIGNMENT,
    attempts: Counted = COUNTED,
    needs_rerun: bool = typer.Option(
        False, "--needs-rerun", help="Only checks that have to be run again, and whose they are."
    ),
) -> None:
    """List every student's mark, who is missing, and manual marks that no longer fit.

    Examples:

        grader gradebook list out/gradebook.db

        grader gradebook list postgresql://grader@db/course --assignment autograd --attempts best
    """
    with opened(book) as open_book:
        name = chosen(open_book, assignment)
        if needs_rerun:
            for rerun in open_book.needs_rerun(name):
                checks = ", ".join("/".join(check) for check in rerun.checks)
                console.print(f"{rerun.student}: {checks}", markup=False)
            return
        grades = tuple(open_book.grades(name, attempts=attempts.value))
    table = _table("student", "name", "attempt", "status", ">mark", "by hand")
    for grade in grades:
        table.add_row(
            Text(grade.student.key),
            Text(one_line(grade.student.name)),
            "" if grade.attempt is None else f"{grade.attempt.number} of {grade.attempts}",
            grade.standing,
            score(grade),
            f"{len(grade.manual) or ''}{' ⚑' if grade.flags else ''}",
        )
    print_table(table)
    console.print(summary(grades))
    for grade in grades:
        _warn(grade)


@commands.command("show")
def show_command(
    book: str = BOOK,
    student: str = STUDENT,
    assignment: str | None = ASSIGNMENT,
    attempts: Counted = COUNTED,
) -> None:
    """Show a student's checks and every decision that was made by hand.

    Example:

        grader gradebook show out/gradebook.db li.wei
    """
    with opened(book) as open_book:
        name = chosen(open_book, assignment)
        grade = open_book.grade(keyed(open_book, student), name, attempts=attempts.value)
        history = open_book.history(grade.student.key, name)
    console.print(title(grade), style="bold", markup=False)
    table = _table("exercise", "check", "seen by students", "status", ">automatic", ">counts")
    for exercise in grade.mark.exercises if grade.mark else ():
        for check in exercise.checks:
            counts = "?" if check.open else f"{check.score:g} of {check.max_score:g}"
            table.add_row(
                exercise.id,
                check.id,
                check.visibility,
                check.status,
                f"{check.automatic:g}",
                counts,
            )
    if table.row_count:
        print_table(table)
    for entry in history:
        console.print(decision(entry), markup=False)
    _warn(grade)


@commands.command("explain")
def explain_command(
    book: str = BOOK,
    student: str = STUDENT,
    assignment: str | None = ASSIGNMENT,
    attempts: Counted = COUNTED,
) -> None:
    """Explain how a mark came about, step by step.

    Example:

        grader gradebook explain out/gradebook.db li.wei
    """
    with opened(book) as open_book:
        name = chosen(open_book, assignment)
        grade = open_book.grade(keyed(open_book, student), name, attempts=attempts.value)
    console.print(title(grade), style="bold", markup=False)
    for line in explained(grade):
        console.print(line, markup=False)
    _warn(grade)


@commands.command("set")
def set_command(
    book: str = BOOK,
    student: str = STUDENT,
    on: str = ON,
    points: float | None = typer.Option(None, help="What counts instead of the automatic points."),
    comment: str = typer.Option("", help="For the student to read."),
    why: str = typer.Option(..., help="For the record."),
    by: str | None = BY,
    assignment: str | None = ASSIGNMENT,
    attempts: Counted = COUNTED,
) -> None:
    """Set a mark or a comment by hand. It stays whatever is graded again, until it is cleared.

    What lateness takes is taken off points that are set by hand too.

    Examples:

        grader gradebook set out/gradebook.db li.wei --on loops/shape --points 1.5 --why "oral exam"

        grader gradebook set out/gradebook.db li.wei --comment "Come and see me." --why "copied"
    """
    exercise, _, check = on.partition("/")
    with opened(book) as open_book:
        entry = open_book.set_mark(
            keyed(open_book, student),
            chosen(open_book, assignment),
            exercise,
            check,
            points=points,
            comment=comment,
            who=identity(by).name,
            why=why,
            attempts=attempts.value,
        )
    console.print(decision(entry), markup=False)


@commands.command("clear")
def clear_command(
    book: str = BOOK,
    student: str = STUDENT,
    on: str = ON,
    why: str = typer.Option(..., help="For the record."),
    by: str | None = BY,
    assignment: str | None = ASSIGNMENT,
) -> None:
    """Take a mark or comment by hand back; what was decided stays in the history.

    Example:

        grader gradebook clear out/gradebook.db li.wei --on loops/shape --why "the check is mended"
    """
    exercise, _, check = on.partition("/")
    with opened(book) as open_book:
        entry = open_book.clear_mark(
            keyed(open_book, student),
            chosen(open_book, assignment),
            exercise,
            check,
            who=identity(by).name,
            why=why,
        )
    console.print(decision(entry), markup=False)


@commands.command("export-data")
def export_data_command(
    book: str = BOOK,
    output: Path = typer.Option(..., "--output", "-o", help="A new folder."),
) -> None:
    """Write everything that a gradebook holds into a folder of JSON lines and files.

    Example:

        grader gradebook export-data out/gradebook.db -o course-2026
    """
    with opened(book) as open_book:
        _counted(open_book.export_data(output), f"into {output}")


@commands.command("import-data")
def import_data_command(
    folder: Path = typer.Argument(help="A folder that `export-data` wrote."),
    book: str = BOOK,
) -> None:
    """Read a folder that `export-data` wrote into a new or empty gradebook.

    Example:

        grader gradebook import-data course-2026 postgresql://grader@db/course
    """
    with opened(book, create=True) as open_book:
        _counted(open_book.import_data(folder), f"from {folder}")


@commands.command("remove-student")
def remove_student_command(
    book: str = BOOK,
    student: str = KEY,
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
) -> None:
    """Remove a student and all that is theirs, for good. Copies and backups are yours to remove.

    Example:

        grader gradebook remove-student out/gradebook.db li.wei
    """
    with opened(book) as open_book:
        count = sum(
            open_book.grade(student, assignment).attempts for assignment in open_book.assignments()
        )
        question = f"Remove {student} and {count} attempt{'' if count == 1 else 's'} for good?"
        if not yes and not typer.confirm(question, default=False):
            errors.print("Nothing was removed.")
            raise typer.Exit(1)
        mentions = open_book.remove_student(student)
    console.print(f"{student} is removed.", markup=False)
    if mentions:
        errors.print("What people wrote about others still mentions them:", style="yellow")
    for mention in mentions:
        errors.print(f"  {mention}", markup=False)


@commands.command("scrub")
def scrub_command(book: str = BOOK) -> None:
    """Overwrite what was removed in a gradebook's free pages and logs.

    `remove-student` does so by itself, unless another program is in its way.

    Example:

        grader gradebook scrub out/gradebook.db
    """
    with opened(book) as open_book:
        open_book.scrub()


def _warn(grade: Grade) -> None:
    for flag in grade.flags:
        errors.print(flagged(grade, flag), style="yellow", markup=False)


def _counted(rows: Mapping[str, int], where: str) -> None:
    said = ", ".join(f"{rows[table]} {table}s" for table in ("student", "attempt", "result"))
    console.print(f"{said} {where}", markup=False)


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in titles:
        table.add_column(head.removeprefix(">"), justify="right" if head[0] == ">" else "left")
    return table
