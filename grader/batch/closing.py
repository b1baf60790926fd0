"""What a batch leaves behind: the table, a page for everybody, and what a person should look at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.batch.classpage import class_bytes
from grader.batch.place import Place
from grader.batch.reports import page, page_path, shows
from grader.classroom import Line, Overview, line, overview
from grader.export import exercises
from grader.gradebook import Gradebook
from grader.model.exercise import Assignment
from grader.model.record import Attempts, Grade

SLOWEST = 5


@dataclass(frozen=True, slots=True)
class Closed:
    """How a class did.

    Attributes:
        marks: (mark, highest mark) of everybody whose mark is known.
        missing: keys of students who handed in nothing.
        open: (student, why) of those without a mark, because the grader could not give one.
        refused: students whose file cannot be graded at all.
        ended: (student, how the run ended) where it did not end by itself.
        slowest: (student, seconds of the run), the slowest first.
        overview: all that the class's page says.
    """

    marks: tuple[tuple[float, float], ...]
    missing: tuple[str, ...]
    open: tuple[tuple[str, str], ...]
    refused: tuple[str, ...]
    ended: tuple[tuple[str, str], ...]
    slowest: tuple[tuple[str, float], ...]
    overview: Overview


def close(
    book: Gradebook,
    assignment: str,
    attempts: Attempts,
    place: Place,
    language: str = "en",
    *,
    written: Assignment | None = None,
) -> Closed:
    """Write the table, the pages that are not there or show another result, and the class's.

    `written` is the assignment as its author wrote it, for the prompts on the pages.
    """
    lines: list[Grade] = []
    those: list[Line] = []
    ended: list[tuple[str, str]] = []
    seconds: list[tuple[str, float]] = []
    open_: list[tuple[str, str]] = []
    refused: list[str] = []
    for grade in book.grades(assignment, attempts=attempts):
        key, result = grade.student.key, grade.result
        if grade.standing in ("not_graded", "pending"):
            open_.append((key, (result.reason if result else None) or grade.standing))
        if result is not None:
            _renew(book, place, grade, written)
            seconds.append((key, result.run.seconds))
            if result.run.status == "refused":
                refused.append(key)
            elif result.run.status != "completed" and result.status == "graded":
                ended.append((key, result.run.status))
        those.append(line(grade))
        lines.append(replace(grade, result=None, body=None))  # a class of them is large
    place.write(place.table, exercises(lines).encode("utf-8"))
    whole = overview(assignment, those)
    place.write(place.page, class_bytes(whole, language, place.page, place.reports))
    marks = [one.mark for one in lines if one.mark is not None and not one.mark.open]
    return Closed(
        marks=tuple((mark.score, mark.max_score) for mark in marks),
        missing=tuple(one.student.key for one in lines if one.standing == "missing"),
        open=tuple(open_),
        refused=tuple(refused),
        ended=tuple(ended),
        slowest=tuple(sorted(seconds, key=lambda one: -one[1])[:SLOWEST]),
        overview=whole,
    )


def _renew(book: Gradebook, place: Place, grade: Grade, written: Assignment | None) -> None:
    path = page_path(place, grade.student.key)
    if grade.result is None or grade.body is None or grade.attempt is None:
        return
    if not shows(path, grade.body):
        observed = book.observed(grade.attempt.submission)
        place.write(path, page(grade.result, grade.body, observed, written))
