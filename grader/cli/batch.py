"""`grader batch`: a whole class graded into a gradebook, and on again wherever it was stopped."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from grader.cli.gradebook import opened
from grader.cli.graders import local
from grader.cli.intake import Layout, encoding
from grader.cli.isolation import HELP, Isolation
from grader.cli.language import Language
from grader.cli.named import named_assignment
from grader.cli.screen import errors, language_of_system, write_file
from grader.cli.shown import Progress, Screen
from grader.errors import CallError, MachineError
from grader.intake import LatePolicy, Options, lateness, take_in
from grader.model.submission import Message
from grader.report import say
from grader.spec import companions, find_course, references

if TYPE_CHECKING:
    from grader.batch import Graders, Orders
    from grader.batch.cluster import Cluster
    from grader.model.intake import Intake
    from grader.model.record import Attempts


class Graded(StrEnum):
    """Which attempts are graded, and which counts."""

    latest = "latest"
    best = "best"
    first = "first"
    all = "all"


_COUNTS: Mapping[Graded, Attempts] = {
    Graded.latest: "latest",
    Graded.best: "best",
    Graded.first: "first",
    Graded.all: "latest",
}


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("batch")(batch_command)


def batch_command(
    assignment: str = typer.Argument(help="The assignment's id, or an exercise's."),
    submissions: Path = typer.Argument(help="A folder or zip of submissions, or one notebook."),
    output: Path = typer.Option(
        ..., "--output", "-o", help="The folder for gradebook, table and reports; used again later."
    ),
    roster: Path | None = typer.Option(
        None, help="CSV of the class: ids, names, e-mail addresses, in any columns."
    ),
    jobs: int | None = typer.Option(
        None, min=1, help="Notebooks at a time; by default one more than cores, as memory allows."
    ),
    scheduler: str | None = typer.Option(
        None,
        metavar="ADDRESS",
        help="Grade on the workers of this Dask scheduler (tcp://HOST:8786 or tls://…) instead of "
        "here.",
    ),
    isolation: Isolation = typer.Option(Isolation.full, help=HELP),
    seed: int | None = typer.Option(
        None, min=0, help="Seed of the batch; drawn once and kept in the folder by default."
    ),
    progress: Progress = typer.Option(
        Progress.auto, help="A live display on a terminal, lines, or JSON lines on standard output."
    ),
    attempts: Graded = typer.Option(
        Graded.latest,
        help="Which attempt of a student is graded and counts; `all` are graded, the latest "
        "counts.",
    ),
    due: str | None = typer.Option(
        None,
        help="The due time for lateness alone (ISO 8601; UTC without a zone); by default the "
        "assignment's key `due`, which also says when students see checks that are shown after it.",
    ),
    grace: float = typer.Option(
        0.0, min=0, help="Hours after the due time that cost nothing; then days count from it."
    ),
    late_percent: float = typer.Option(
        0.0, min=0, max=100, help="Percent of what was earned, taken off for each day begun."
    ),
    late_cap: float = typer.Option(100.0, min=0, max=100, help="Percent taken off at most."),
    layout: Layout | None = typer.Option(None, help="Read it as this; by default recognised."),
    names: str | None = typer.Option(
        None, metavar="ENCODING", help="Encoding of old archives' file names, such as gbk or cp866."
    ),
    submitted_as: str | None = typer.Option(
        None, help="Which one, where there are several (nbgrader, `grader submit`)."
    ),
    gradebook: str | None = typer.Option(
        None, help="Another gradebook: a file, or postgresql://USER@HOST/DATABASE."
    ),
    course: Path | None = typer.Option(
        None, help="The course's folder; by default the nearest one upward."
    ),
    language: Language | None = typer.Option(
        None, help="Language of the texts; reports are in each notebook's by default."
    ),
    keep_going: bool = typer.Option(
        False, "--keep-going", help="Go on even when nothing but faults of the grader comes out."
    ),
) -> None:
    """Grade a whole class into a gradebook.

    Shows whose submissions these are (`grader intake` shows it without grading), grades what the
    gradebook does not have yet, and writes `gradebook.db`, `results.csv`, `class.html` and
    `reports/<student>.html`. Stop it at any time and call it again: it goes on where it was.
    Whatever has not changed is not graded again. When the first ten notebooks all fail by a fault
    of the grader or the course, it stops and says so.

    Exit code 0 when everybody is graded, whatever the marks; 1 when somebody is not, which the end
    lists: call again, and only these are retried.

    Examples:

        grader batch autograd submissions/ -o out

        grader batch autograd canvas-download.zip --roster class.csv -o out

        grader batch autograd hw1.zip -o out --late-percent 10 --grace 2 --attempts best

        grader batch autograd submitted/ -o out --progress json

        grader batch autograd hw1.zip -o out --scheduler tcp://10.0.0.1:8786
    """
    spoken = language.value if language else language_of_system()
    _check(due, submissions, output)
    policy = LatePolicy(grace=timedelta(hours=grace), percent_per_day=late_percent, cap=late_cap)
    options = Options(
        assignment=submitted_as,
        kind=layout.value if layout else None,
        encoding=encoding(names),
    )
    root = find_course(course or Path())
    loaded = named_assignment(root, assignment)
    from grader import batch  # noqa: PLC0415  the gradebook's parts, which other commands do not need

    with ExitStack() as stack:
        orders = batch.Orders(
            assignment=loaded,
            companions=companions(root, loaded),
            language=language.value if language else None,
        )
        files = references(root, loaded)
        graders: Graders
        if scheduler is None:
            graders = stack.enter_context(local(orders, files, jobs=jobs, isolation=isolation))
        else:
            cluster = _cluster(scheduler, orders, files, jobs, isolation)
            graders = stack.enter_context(cluster)
        screen = Screen(progress, spoken)
        taken = take_in(submissions, roster, options)
        _somebody(taken, submissions)
        late = {one: lateness(one, due or loaded.due, policy) for one in taken.attempts}
        screen.intake(taken, late if due or loaded.due else {})
        place = stack.enter_context(batch.Place(output, write_file))
        settings = batch.Settings(
            orders=orders,
            seed=place.seed(seed),
            attempts=attempts.value,
            keep_going=keep_going,
        )
        where = gradebook or str(place.book)
        book = stack.enter_context(opened(where, create=True))
        handed = batch.hand_in(
            book, taken, loaded.id, late.__getitem__, lambda message: say(message, spoken)
        )
        try:
            with screen.running() as tell:
                batch.run(book, settings, graders, place, tell=tell)
        except KeyboardInterrupt:
            errors.print(say(Message("batch.stopped", {"done": screen.done}), spoken), markup=False)
            raise
        counted = _COUNTS[attempts]
        closed = batch.close(book, loaded.id, counted, place, spoken, written=loaded)
        screen.closed(closed, handed, place, book.name)
        screen.never_shown(loaded, where)
    if closed.open or handed.troubles:
        raise typer.Exit(1)


def _check(due: str | None, submissions: Path, output: Path) -> None:
    """Refuse what would go wrong later.

    Raises:
        CallError: names the option.
    """
    try:
        datetime.fromisoformat((due or "2000-01-01").strip())
    except ValueError as error:
        raise CallError(
            f"--due: expected a time in ISO 8601, such as 2026-12-01T18:00+03:00, found {due!r}"
        ) from error
    if submissions.is_dir() and output.resolve().is_relative_to(submissions.resolve()):
        raise CallError(
            f"--output: expected a folder outside of {submissions}, found {output}, which the next "
            "batch would take for a submission. Name another."
        )


def _cluster(
    address: str,
    orders: Orders,
    references: Mapping[str, Path],
    jobs: int | None,
    isolation: Isolation,
) -> Cluster:
    """The workers of a cluster, told all that they need.

    Raises:
        CallError, MachineError: as `Cluster`; or Dask is not installed here.
    """
    from grader.batch import wire  # noqa: PLC0415

    try:
        from grader.batch.cluster import Cluster  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MachineError(
            "--scheduler needs Dask, which is not installed: pip install 'grader[cluster]'"
        ) from error
    sources = {exercise: path.read_bytes() for exercise, path in references.items()}
    course = wire.Course(orders=orders, references=sources, isolation=isolation.value)
    return Cluster(address, course, jobs=jobs)


def _somebody(intake: Intake, submissions: Path) -> None:
    if not intake.attempts and not intake.students:
        raise CallError(
            f"{submissions}: expected notebooks of students, found none that can be taken. "
            f"`grader intake {submissions}` says why."
        )
