"""`grader regrade`: judges a class again after a correction, and shows what that changes first."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from grader.cli.gradebook import ASSIGNMENT, BOOK, COUNTED, Counted, chosen, opened
from grader.cli.graders import local
from grader.cli.isolation import HELP, Isolation
from grader.cli.marks import CHANGED
from grader.cli.screen import console, errors, language_of_system, progress, write_file
from grader.cli.shown import Progress, Screen
from grader.errors import CallError
from grader.model.record import Specification
from grader.spec import companions, find_course, load_assignment, references, to_stamp

if TYPE_CHECKING:
    from grader.gradebook import CheckChange, Gradebook, Outcome, Regraded
    from grader.model.exercise import Assignment
    from grader.regrade import Found

WHY = {
    "added": "a new check",
    "removed": "the check was removed",
    "points": "the specification changed: its points",
    "tolerance": "another tolerance",
    "expected": "the specification changed: what is expected",
    "answer": "something else of the notebook is looked at",
    "unasked": "the run was not asked what the check now needs",
    "specification": "the specification changed: the exercise",
    "grader": "another version of the grader",
}
_WORDS = (
    "with the same mark",
    "with more",
    "with less",
    "with a first mark",
    "without a mark until run again or marked by hand",
    "not judged by a fault of the grader",
)


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("regrade")(regrade_command)


def regrade_command(
    book: str = BOOK,
    assignment: str | None = ASSIGNMENT,
    course: Path | None = typer.Option(
        None, help="The course's folder; by default the nearest one upward."
    ),
    attempts: Counted = COUNTED,
    yes: bool = typer.Option(False, "--yes", "-y", help="Write without asking."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only show; write nothing."),
    rerun: bool = typer.Option(
        False,
        "--rerun",
        help="Afterwards run again the notebooks that have checks which need it, and only these.",
    ),
    output: Path | None = typer.Option(
        None,
        "--output",
        "-o",
        help="The batch's folder: renew its table and pages. For --rerun by default the folder "
        "that the gradebook lies in.",
    ),
    jobs: int | None = typer.Option(
        None, min=1, help="How many at a time; by default as many as cores, as memory allows."
    ),
    isolation: Isolation = typer.Option(Isolation.full, help=f"For --rerun. {HELP}"),
) -> None:
    """Judge a class again after the assignment was corrected, or the grader was updated.

    Nobody's code is run: the newest results are judged again from what was captured. It shows for
    each student which checks come to something else and why, and asks before anything is written.
    Earlier results are kept; marks set by hand stay, and are flagged (⚑) where what they judged
    has changed. What the capture cannot answer, because the notebook was never asked, is marked
    `needs_rerun` and has no number until it is run again (--rerun) or marked by hand.

    Exit code 0 when everybody has a mark; 1 when somebody has to be run again, or when you
    answer no.

    Examples:

        grader regrade out/gradebook.db --dry-run

        grader regrade out/gradebook.db --yes -o out

        grader regrade out/gradebook.db --yes --rerun
    """
    if dry_run and rerun:
        raise CallError("expected --dry-run or --rerun, found both; --rerun runs notebooks")
    folder = _folder(book, output) if rerun else output
    with opened(book) as open_book:
        name = chosen(open_book, assignment)
    root = find_course(course or Path())
    loaded = load_assignment(root, name)
    found = _look(book, root, loaded, attempts, jobs)
    _show(found)
    _warn_of_due(found, loaded)
    if dry_run:
        console.print("Nothing was written.")
        return
    with opened(book) as open_book:
        _write(open_book, loaded, found, yes)
        only = {each.submission for each in open_book.needs_rerun(name)}
        only |= {each.submission for each, _ in found if each.after is None}
    if rerun and folder is not None and only:
        with opened(book, only=only) as open_book:
            _run_again(open_book, root, loaded, folder, isolation, jobs)
    with opened(book) as open_book:
        if folder is not None:
            _renew(open_book, loaded, folder, attempts)
        left = [
            grade.student.key
            for grade in open_book.grades(name, attempts=attempts.value, body=False)
            if grade.standing in ("not_graded", "pending")
            or (grade.result is not None and grade.result.spec_hash != loaded.spec_hash)
        ]
    if left:
        said = f"{len(left)} without a mark by this specification: {', '.join(left)}"
        errors.print(said, style="yellow", markup=False)
        if any(each.fault for each, _ in found):
            errors.print("Where the grader or the course failed, mend that and call again.")
        elif not rerun:
            errors.print("Run again those that need it: grader regrade … --rerun")
        raise typer.Exit(1)


def _folder(book: str, output: Path | None) -> Path:
    """The folder of the batch.

    Raises:
        CallError: it has to be named.
    """
    if output is not None:
        return output
    beside = Path(book).parent
    if "://" in book or not (beside / "batch.json").exists():
        raise CallError(f"--rerun: expected -o, the batch's folder; {book} does not lie in one")
    return beside


def _look(
    book: str, root: Path, loaded: Assignment, attempts: Counted, jobs: int | None
) -> list[Found]:
    from grader import regrade  # noqa: PLC0415  the gradebook's parts, which others do not need

    with progress("judged again") as told:
        return regrade.look(
            book,
            loaded,
            references(root, loaded),
            attempts=attempts.value,
            jobs=jobs or os.cpu_count() or 1,
            progress=told,
        )


def _show(found: Sequence[Found]) -> None:
    """Who comes to what, and why; then each kind of change and how many it concerns."""
    looked = [each for each, _ in found]
    for each in looked:
        for line in _told(each):
            console.print(line, markup=False)
    kinds = Counter(_change(change) for each in looked for change in each.changes)
    if kinds:
        console.print("\nChecks:", style="bold")
    for kind, count in kinds.most_common():
        console.print(f"  {count} × {kind}", markup=False)
    console.print(_summary(looked), style="bold")


def _warn_of_due(found: Sequence[Found], loaded: Assignment) -> None:
    """Say that lateness is what it was, where the results are of another due time."""
    if any(each.timed and each.due != loaded.due for each, _ in found):
        errors.print(
            f"The due time is {loaded.due or 'none'} now, which says what students see. What "
            "lateness takes stays as it was; to renew it, call `grader batch` again with the same "
            "submissions.",
            style="yellow",
            markup=False,
        )


def _summary(looked: Sequence[Regraded]) -> str:
    if not looked:
        return "Everything was judged by this specification and this grader already."
    words = Counter(map(_came_to, looked))
    said = ", ".join(f"{words[word]} {word}" for word in _WORDS if words[word])
    return f"{len(looked)} judged again: {said}"


def _came_to(found: Regraded) -> str:
    before, after = found.score
    if found.fault:
        return "not judged by a fault of the grader"
    if after is None:
        return "without a mark until run again or marked by hand"
    if before is None or before == after:
        return "with the same mark" if before is not None else "with a first mark"
    return "with more" if after > before else "with less"


def _told(found: Regraded) -> Iterable[str]:
    """What changes for one student, a line for each; nothing where nothing does."""
    if not found.changed and not found.fault:
        return
    before, after = (("–" if mark is None else f"{mark:.4g}") for mark in found.score)
    yield f"{found.student}: {before}" if found.fault else f"{found.student}: {before} → {after}"
    if found.fault:
        yield f"  cannot be judged again, and stays as it is: {found.fault}"
    elif found.after is None:
        yield "  nothing was captured: the notebook has to be run again"
    for change in found.changes:
        yield f"  {_change(change)}"
    for word, those in zip(("no longer", "now"), found.diagnoses, strict=True):
        for exercise, id in sorted(those):
            yield f"  {word} found: {id} ({exercise})"
    for flag in found.flags:
        said = "; ".join(CHANGED[changed] for changed in flag.changed)
        who = flag.mark.who
        yield f"  ⚑ {flag.mark.about}: since {who} decided, {said}; the mark by hand stays"


def _change(change: CheckChange) -> str:
    why = ", ".join(WHY[reason] for reason in change.why)
    before, after = _outcome(change.before), _outcome(change.after)
    return f"{change.exercise}/{change.check}: {before} → {after} ({why})"


def _outcome(outcome: Outcome | None) -> str:
    if outcome is None:
        return "–"
    return f"{outcome.status}, {outcome.score:g} of {outcome.max_score:g}"


def _write(book: Gradebook, loaded: Assignment, found: Sequence[Found], yes: bool) -> None:
    """Write what was found, when the answer is yes.

    Raises:
        Exit: the answer is no.
    """
    those = [(each, body) for each, body in found if each.after is not None]
    if not those:
        return
    if not yes and not typer.confirm(f"Write {len(those)} results?", default=False):
        errors.print("Nothing was written.")
        raise typer.Exit(1)
    stamp = to_stamp(loaded, "en")
    book.specify(Specification(loaded.spec_hash, loaded.id, loaded.due, stamp))
    moved = book.record_regraded(those)
    console.print(f"{len(those) - len(moved)} results written.")
    if moved:
        errors.print(
            f"Graded by another program meanwhile, and left as they are: {', '.join(moved)}. "
            "Call again to judge them too.",
            style="yellow",
            markup=False,
        )


def _run_again(
    book: Gradebook,
    root: Path,
    loaded: Assignment,
    folder: Path,
    isolation: Isolation,
    jobs: int | None,
) -> None:
    """Run what `book` calls pending as a batch does, into the same folder."""
    from grader import batch  # noqa: PLC0415

    with ExitStack() as stack:
        orders = batch.Orders(assignment=loaded, companions=companions(root, loaded))
        files = references(root, loaded)
        graders = stack.enter_context(local(orders, files, jobs=jobs, isolation=isolation))
        place = stack.enter_context(batch.Place(folder, write_file))
        settings = batch.Settings(orders=orders, seed=place.seed(None), attempts="all")
        with Screen(Progress.auto, language_of_system()).running() as tell:
            batch.run(book, settings, graders, place, tell=tell)


def _renew(book: Gradebook, loaded: Assignment, folder: Path, attempts: Counted) -> None:
    from grader import batch  # noqa: PLC0415

    with batch.Place(folder, write_file) as place:
        batch.close(book, loaded.id, attempts.value, place, language_of_system(), written=loaded)
