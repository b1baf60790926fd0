"""`grader gradebook class`: the class's page, written anew from the gradebook."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.text import Text

from grader.cli.gradebook import ASSIGNMENT, BOOK, COUNTED, Counted, chosen, commands, opened
from grader.cli.language import Language
from grader.cli.overview import counts, summary
from grader.cli.screen import console, language_of_system, progress, write_file
from grader.errors import CallError
from grader.model.submission import Message
from grader.report import say


def add(app: typer.Typer) -> None:
    """Add the commands about a gradebook, this one among them."""
    app.add_typer(commands, name="gradebook")


@commands.command("class")
def class_command(
    book: str = BOOK,
    output: Path = typer.Option(
        Path("class.html"), "--output", "-o", help="The page; one that is there is replaced."
    ),
    assignment: str | None = ASSIGNMENT,
    attempts: Counted = COUNTED,
    reports: Path | None = typer.Option(
        None, help="Folder of the students' reports, to link to; by default `reports` by the page."
    ),
    language: Language | None = typer.Option(
        None, help="Language of the page; by default the system's."
    ),
) -> None:
    """Write the class's page: marks, exercises, misconceptions, runs, and what waits for you.

    One file that needs nothing else. It shows the gradebook as it is now, marks by hand included.

    Examples:

        grader gradebook class out/gradebook.db -o out/class.html

        grader gradebook class postgresql://grader@db/course --assignment autograd --language ru
    """
    from grader.batch.classpage import class_bytes, titles  # noqa: PLC0415  not for other commands
    from grader.classroom import line, overview  # noqa: PLC0415

    spoken = language.value if language else language_of_system()
    if reports is not None and not reports.is_dir():
        raise CallError(f"--reports: expected a folder of reports, found no folder at {reports}")
    beside = reports or output.parent / "reports"
    with opened(book) as open_book:
        name = chosen(open_book, assignment)
        total = len(open_book.students())
        lines = []
        with progress("reading") as update:
            for grade in open_book.grades(name, attempts=attempts.value):
                lines.append(line(grade))
                update(len(lines), total)
    whole = overview(name, lines)
    linked = beside if beside.is_dir() else None
    write_file(output, class_bytes(whole, spoken, output, linked))
    named = titles((one.id for one in whole.misconceptions), spoken)
    console.print(Text(counts(whole, spoken), "bold"))
    for said, style in summary(whole, named, spoken):
        console.print(Text(said, style))
    console.print()
    console.print(Text(say(Message("class.said.page", {"path": str(output)}), spoken)))
