"""One student's report, with what people decided and wrote about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from grader.errors import CallError
from grader.export.shared import late
from grader.model.exercise import Assignment
from grader.model.observation import Capture, RunInfo
from grader.model.record import Grade, ManualMark, Observed
from grader.model.result import Audience, Result
from grader.model.submission import Message, Submission
from grader.pipeline import diagnosis_texts
from grader.report import for_audience, html, say
from grader.report.inert import visible
from grader.report.texts import title


def shown(grade: Grade, audience: Audience, as_of: str) -> Result:
    """The result as `audience` may see it at `as_of`, with what people said and lateness takes.

    A decision is told with its points only to those who see all that it is about: the points of an
    exercise beside a hidden check would tell of the check.

    Raises:
        CallError: there is no result, or `as_of` cannot be read.
    """
    if grade.result is None:
        raise CallError(f"{grade.student.key}, {grade.assignment}: expected a result, found none")
    seen = for_audience(grade.result, audience, as_of, grade.due)
    return replace(seen, notices=(*seen.notices, *_said(grade, seen)))


def page(
    grade: Grade,
    observed: Observed | None,
    audience: Audience,
    as_of: str,
    language: str | None,
    *,
    assignment: Assignment | None = None,
) -> bytes:
    """The report of `grade` in HTML; in the notebook's own language without a `language`.

    The tasks come from `assignment`: a gradebook has none of an assignment's prompts.
    """
    result = shown(grade, audience, as_of)
    if language is not None:
        result = replace(result, language=language)
    from_ = observed or Observed(
        Submission(cells=(), language=result.language), Capture(result.seed, RunInfo("completed"))
    )
    texts = diagnosis_texts(result)
    named = assignment or Assignment(id=grade.assignment, title=grade.title, exercises=())
    text = html(result, from_.submission, from_.capture, result.language, texts, assignment=named)
    return text.encode("utf-8")


def _said(grade: Grade, seen: Result) -> Iterable[Message]:
    taken = late(grade)
    if taken is not None:
        yield taken
    for entry in grade.manual:
        about = _about(entry, grade, seen)
        if about is None:
            continue
        what, whole, most = about
        if entry.points is not None and whole:
            yield Message("export.decided", {"what": what, "points": entry.points, "most": most})
        if entry.comment:
            yield Message("export.comment", {"text": f"{what}: {visible(entry.comment)}"})


def _about(entry: ManualMark, grade: Grade, seen: Result) -> tuple[str, bool, float] | None:
    """What a decision is about, whether its reader sees all of that, and what it could earn.

    None where the reader may not know of it.
    """
    language = seen.language
    names = {(e.id, check.check) for e in seen.exercises for check in e.checks}
    every = grade.result.exercises if grade.result is not None else ()
    if entry.target == ("", ""):
        whole = all((e.id, check.check) in names for e in every for check in e.checks)
        return say(Message("export.whole"), language), whole, seen.max_score
    for exercise, full in zip(seen.exercises, every, strict=True):
        if exercise.id != entry.exercise:
            continue
        named = title(exercise.title, exercise.id, language)
        if not entry.check:
            return named, len(exercise.checks) == len(full.checks), exercise.max_score
        for check in exercise.checks:
            if check.check == entry.check:
                return (
                    f"{named}, {title(check.title, check.check, language)}",
                    True,
                    check.max_score,
                )
    return None
