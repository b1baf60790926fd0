"""`grader autograde`: what `run_autograder` of an exported Gradescope autograder calls."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from grader import __version__, export
from grader.cli.isolation import Isolation, kernels
from grader.cli.screen import console, progress, write_file
from grader.errors import CallError, InternalError
from grader.export.autograder import Orders, orders_of
from grader.intake import One, one_student
from grader.model.exercise import Assignment
from grader.model.record import Attempt, Grade, Student
from grader.model.submission import Message
from grader.pipeline import diagnosis_texts, grade
from grader.reference import ReferenceProcess
from grader.report import say
from grader.spec import companions, load_assignment, references


def add(app: typer.Typer) -> None:
    """Add the command; Gradescope calls it, people do not."""
    app.command("autograde", hidden=True)(autograde_command)


def autograde_command(
    root: Path = typer.Argument(Path("/autograder"), help="Gradescope's folder."),
    isolation: Isolation = typer.Option(Isolation.available, help="Walls around the notebook."),
) -> None:
    """Grade ROOT/submission into ROOT/results/results.json, as ROOT/source/autograder.json says.

    A fault of the grader ends with exit code 1 and writes no results: Gradescope then says that the
    autograder failed, and it is nobody's zero.

    Example:

        grader autograde /autograder
    """
    results = root / "results" / "results.json"
    results.unlink(missing_ok=True)  # what is there is of another submission
    source = root / "source"
    try:
        orders = orders_of((source / "autograder.json").read_bytes(), "autograder.json")
    except OSError as error:
        raise CallError(f"{source / 'autograder.json'}: {error.strerror}") from error
    assignment = load_assignment(source / "course", orders.assignment)
    submission = one_student(root / "submission")
    told = [say(why, _language(orders)) + f" ({path})" for path, why in submission.refused]
    about = _about(root / "submission_metadata.json")
    if submission.name is None:
        body = _nothing(told or [say(Message("intake.no-answer"), _language(orders))])
    else:
        body = _graded(source / "course", assignment, submission, orders, about, isolation)
        body["output"] = "\n\n".join(part for part in (*told, body["output"]) if part)
    results.parent.mkdir(parents=True, exist_ok=True)
    write_file(results, json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8") + b"\n")
    console.print(f"{results}: {body['score']:g}", markup=False)


@dataclass(frozen=True, slots=True)
class _About:
    """What Gradescope says of a submission, as far as it says anything."""

    student: str
    due: str | None


def _about(path: Path) -> _About:
    try:
        body: Any = json.loads(path.read_bytes())
        users = [str(user.get("email") or user.get("name")) for user in body["users"]]
        due = body["assignment"].get("due_date")
        return _About(", ".join(users), due if isinstance(due, str) else None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _About("", None)


def _language(orders: Orders) -> str:
    return orders.language or "en"


def _nothing(told: list[str]) -> dict[str, Any]:
    """No notebook: nothing was earned, and why."""
    return {
        "score": 0,
        "output": "\n".join(told),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
    }


def _graded(
    course: Path,
    assignment: Assignment,
    submission: One,
    orders: Orders,
    about: _About,
    isolation: Isolation,
) -> dict[str, Any]:
    """Gradescope's result of a notebook.

    Raises:
        InternalError: the grader could not decide all of it.
    """
    from grader.batch import seed_of  # noqa: PLC0415  what other commands do not need
    from grader.batch.one import judged  # noqa: PLC0415
    from grader.gradebook import content_hash, mark  # noqa: PLC0415

    name = str(submission.name)
    content = content_hash(submission.data, submission.companions, name=name)
    seed = seed_of(orders.seed, assignment.id, [content])
    beside = dict(submission.companions) | dict(companions(course, assignment))
    with (
        kernels(isolation, assignment.preload, once=True) as server,
        ReferenceProcess(references(course, assignment)) as process,
        progress(name) as shown,
    ):
        outcome = judged(
            lambda: grade(
                submission.data, name, assignment, process, seed=seed, companions=beside,
                language=orders.language, progress=shown, server=server,
            ),
            assignment, seed, orders.language,
        )  # fmt: skip
    if outcome.fault is not None:
        raise InternalError(f"the grader could not grade this, which is no zero: {outcome.fault}")
    line = Grade(
        student=Student(about.student or "student"),
        assignment=assignment.id,
        standing="graded",
        due=about.due or assignment.due,
        title=assignment.title,
        attempts=1,
        attempt=Attempt(1, 1, content, None, name, 0.0, ""),
        result=outcome.result,
        grader=__version__,
        mark=mark(outcome.result, {}),
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    body = export.gradescope(line, now, diagnosis_texts, orders.language)
    body["extra_data"]["isolation"] = list(outcome.result.run.isolation)
    if outcome.reason is not None:
        why = say(outcome.reason, outcome.result.language)
        body["output"] = "\n\n".join(part for part in (why, body["output"]) if part)
    return body
