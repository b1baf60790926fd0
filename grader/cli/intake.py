"""`grader intake`: what would be graded, whose it is, and what would not; nothing is run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.cli.language import Language
from grader.cli.screen import console, language_of_system, print_table
from grader.errors import CallError
from grader.intake import Lateness, LatePolicy, Options, lateness, take_in, to_plain
from grader.model.intake import Attempt, Intake, Student
from grader.model.submission import Message
from grader.report import say
from grader.report.inert import one_line

_UNKNOWN = "intake.late-unknown"


class Layout(StrEnum):
    """What submissions may lie in."""

    flat = "flat"
    folders = "folders"
    nbgrader = "nbgrader"
    canvas = "canvas"
    moodle = "moodle"
    gradescope = "gradescope"
    receipts = "receipts"


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("intake")(intake_command)


def intake_command(
    path: Path = typer.Argument(help="A folder or zip of submissions, or one notebook."),
    roster: Path | None = typer.Option(
        None, help="CSV of the class: ids, names, e-mail addresses, in any columns."
    ),
    assignment: str | None = typer.Option(
        None, help="Which one, where there are several (nbgrader, `grader submit`)."
    ),
    layout: Layout | None = typer.Option(None, help="Read it as this; by default recognised."),
    names: str | None = typer.Option(
        None, metavar="ENCODING", help="Encoding of old archives' file names, such as gbk or cp866."
    ),
    due: str | None = typer.Option(
        None, help="Show who is late: the due time (ISO 8601; UTC without a zone)."
    ),
    grace: float = typer.Option(
        0.0, min=0, help="Hours after the due time that cost nothing; then days count from it."
    ),
    late_percent: float = typer.Option(
        0.0, min=0, max=100, help="Percent of what was earned, taken off for each day begun."
    ),
    late_cap: float = typer.Option(100.0, min=0, max=100, help="Percent taken off at most."),
    as_json: bool = typer.Option(False, "--json", help="Print it all as JSON."),
    language: Language | None = typer.Option(None, help="Language of the texts."),
) -> None:
    """Look at submissions before grading: whose they are, how that is known, what is refused.

    Nothing is run, unpacked or written. Recognised are folders of notebooks, a folder for each
    student, nbgrader's `submitted/`, what `grader submit` delivers, and the zips that Canvas,
    Moodle and Gradescope make, zips inside them too. Such zips may lie anywhere in the folder.

    Examples:

        grader intake submissions/

        grader intake canvas-download.zip --roster class.csv

        grader intake hw1.zip --due 2026-11-20T23:59+03:00 --grace 2 --late-percent 10 --late-cap 50

        grader intake submitted/ --assignment autograd --json
    """
    spoken = language.value if language else language_of_system()
    policy = LatePolicy(grace=timedelta(hours=grace), percent_per_day=late_percent, cap=late_cap)
    options = Options(
        assignment=assignment,
        kind=layout.value if layout else None,
        encoding=encoding(names),
    )
    taken = take_in(path, roster, options)
    late = {each: lateness(each, due, policy) for each in taken.attempts if due is not None}
    if as_json:
        plain = to_plain(taken, lambda message: say(message, spoken), late)
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        show(taken, spoken, console, late)


def encoding(name: str | None) -> str | None:
    """The encoding that was named.

    Raises:
        CallError: there is no such one.
    """
    try:
        bytes(range(256)).decode(name or "ascii", "replace")
    except (LookupError, UnicodeError) as error:
        raise CallError(
            f"--names {name}: expected the name of an encoding, such as gbk, cp866 or shift_jis"
        ) from error
    return name


def show(
    intake: Intake, language: str, console: Console, late: Mapping[Attempt, Lateness] | None = None
) -> None:
    """Print an intake: what it is, a table of students, and what an instructor should look at."""
    _Writer(console, language).intake(intake, late or {})


class _Writer:
    """Prints plain `Text`, in which nothing of a stranger's is markup."""

    def __init__(self, console: Console, language: str) -> None:
        self.console = console
        self.language = language

    def intake(self, intake: Intake, late: Mapping[Attempt, Lateness]) -> None:
        """All of it."""
        what = self._say(f"listing.kind-{intake.kind}")
        self._line(self._say("listing.recognised", path=intake.path, what=what), "bold")
        for message in intake.evidence:
            self._line(f"  {say(message, self.language)}")
        if intake.ignored:
            self._line(f"  {self._say('listing.ignored', count=intake.ignored)}", "dim")
        self.console.print()
        print_table(self._table(intake, late), self.console)
        unknown = sum(one.reason.id == _UNKNOWN for one in late.values())
        if unknown:
            self._line(self._say("listing.late-unknown", count=unknown))
        self._section("missing", [self._person(intake, id) for id in intake.missing])
        self._section("conflicts", [say(message, self.language) for message in intake.conflicts])
        self._section(
            "duplicates",
            [
                ", ".join(f"{student} ({path})" for student, path in same.of)
                for same in intake.duplicates
            ],
        )
        self._section(
            "refused",
            [f"{refusal.path}: {say(refusal.reason, self.language)}" for refusal in intake.refused],
        )
        self.console.print()
        self._line(self._summary(intake))

    def _table(self, intake: Intake, late: Mapping[Attempt, Lateness]) -> Table:
        emails = any(student.email for student in intake.students)
        companions = any(attempt.companions for attempt in intake.attempts)
        titles = ["student", "name", *(["email"] if emails else []), "known-from"]
        titles += ["attempt", "submitted", "path", *(["with"] if companions else [])]
        marked = any(attempt.late for attempt in intake.attempts)
        titles += ["late"] if late or marked else []
        table = Table(box=None, pad_edge=False)
        for title in titles:
            table.add_column(self._say(f"listing.{title}"), overflow="fold")
        for student in intake.students:
            about = self._about(student)
            for attempt in intake.of(student.id):
                table.add_row(*(Text(self._cell(title, about, attempt, late)) for title in titles))
                about = {}
        return table

    def _about(self, student: Student) -> dict[str, str]:
        sources = dict.fromkeys(evidence.source for evidence in student.identity)
        known = [self._say(f"listing.from-{source}") for source in sources]
        if student.matched and known:
            known[0] += f" ({self._say(f'listing.by-{student.matched}')})"
        return {
            "student": student.id,
            "name": student.name or "",
            "email": student.email or "",
            "known-from": ", ".join(known),
        }

    def _cell(
        self,
        title: str,
        about: Mapping[str, str],
        attempt: Attempt,
        late: Mapping[Attempt, Lateness],
    ) -> str:
        if title == "attempt":
            return str(attempt.number)
        if title == "path":
            return one_line(attempt.path)
        if title == "with":
            return str(len(attempt.companions) or "")
        if title == "submitted":
            return self._moment(attempt)
        if title == "late" and attempt in late and late[attempt].reason.id == _UNKNOWN:
            return "–"  # said once, below
        if title == "late" and attempt in late:
            return say(late[attempt].reason, self.language)
        if title == "late":
            return self._say("listing.yes") if attempt.late else ""
        return one_line(about.get(title, ""), 80)

    def _moment(self, attempt: Attempt) -> str:
        moment = attempt.submitted
        if moment is None:
            return ""
        by = self._say(f"listing.time-{moment.source}")
        return f"{moment.time:%Y-%m-%d %H:%M} {moment.time:%Z} ({by})"

    def _person(self, intake: Intake, id: str) -> str:
        student = next(student for student in intake.students if student.id == id)
        return ", ".join(part for part in (id, student.name, student.email) if part)

    def _summary(self, intake: Intake) -> str:
        return self._say(
            "listing.summary",
            students=len(intake.students),
            handed=len(intake.students) - len(intake.missing),
            attempts=len(intake.attempts),
            missing=len(intake.missing),
            conflicts=len(intake.conflicts) + len(intake.duplicates),
            refused=len(intake.refused),
        )

    def _section(self, title: str, lines: list[str]) -> None:
        if lines:
            self.console.print()
            self._line(f"{self._say(f'listing.{title}')} ({len(lines)})", "bold")
            for line in lines:
                self._line(f"  {one_line(line, 600)}")

    def _say(self, id: str, **params: str | int) -> str:
        return say(Message(id, params), self.language)

    def _line(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style))
