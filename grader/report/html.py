"""The report as one HTML page: self-contained, without a script, inert whatever was handed in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader import __version__
from grader.languages import known
from grader.model.exercise import Assignment, Exercise
from grader.model.observation import Capture, CellObservation
from grader.model.result import ExerciseResult, Result
from grader.model.submission import Message, Submission, SubmittedCell
from grader.report.code import CodeLine, counted, excerpt, highlight, listing
from grader.report.ending import ending
from grader.report.explained import SHOWN, DiagnosisView, diagnosis_views, likeliest
from grader.report.inert import clip, one_line, visible, without_file
from grader.report.language import number, tag, text
from grader.report.outputs import Budget, Shot, shots
from grader.report.pictures import passes
from grader.report.prose import isolated, sentence, title_markup
from grader.report.stopped import of_the_whole, stopped
from grader.report.summary import todo
from grader.report.tasks import task
from grader.report.texts import Texts, headline, naming_exercises, title
from grader.report.views import (
    CheckView,
    State,
    Titled,
    check_view,
    marked_lines,
    points,
    state,
)
from grader.report.walls import walls

CELLS = 30
SOURCE_LIMIT = 8000
NOTICES = 50


@dataclass(frozen=True, slots=True)
class CellView:
    """One of the student's cells with what it printed and drew.

    `heading` is what the text before it calls it; `label` its author's name, where there is none.
    """

    index: int
    heading: str
    label: str
    lines: tuple[CodeLine, ...]
    left_out: int
    error: str
    traceback: str
    status: str
    shots: tuple[Shot, ...]


@dataclass(frozen=True, slots=True)
class ExerciseView:
    """One exercise: what passed apart from what is to be looked at."""

    number: int
    title: Markup
    state: State
    points: str
    task: Markup
    stops: tuple[Markup, ...]
    diagnoses: tuple[DiagnosisView, ...]
    open: tuple[CheckView, ...]
    passed: tuple[CheckView, ...]
    excerpts: Mapping[tuple[int | None, int | None], tuple[CodeLine, ...]]
    pictures: tuple[Titled, ...]
    cells: tuple[CellView, ...]


def html(
    result: Result,
    submission: Submission,
    capture: Capture | None,
    language: str,
    diagnosis_texts: Texts | None = None,
    *,
    assignment: Assignment | None = None,
) -> str:
    """The page of `result`, which must already be what its audience may see (`for_audience`).

    `submission` and `capture` give the student's own cells and their outputs; `diagnosis_texts`
    maps a misconception's id to its texts in `language`; of `assignment` its title and the
    exercises' prompts are shown. Of the capture's call plan (hidden inputs) nothing is shown.
    """
    tongue = known(language)
    style, digest = _style()
    instructor = result.audience == "instructor"
    read = result.run.status != "refused"  # else nothing is known of any exercise
    texts = diagnosis_texts or {}
    prompts = {each.id: each for each in assignment.exercises} if assignment else {}
    shown = _Page(submission, capture, tongue, texts, instructor, Budget())
    page = _environment(tongue).get_template("report.html.j2")
    return page.render(
        t=partial(text, language=tongue),
        n=partial(number, language=tongue),
        marked=title_markup,
        lang=tag(tongue),
        style=Markup(style),
        digest=digest,
        result=result,
        assignment=headline(result, assignment, tongue),
        instructor=instructor,
        student=isolated(one_line(result.student, 120)) if result.student else "",
        reason=one_line(result.reason, 600) if result.reason and instructor else "",
        share=result.score / result.max_score if result.max_score > 0 else 0.0,
        todo=todo(result, tongue, texts, lost=instructor) if read else (),
        all_right=bool(result.exercises) and {e.status for e in result.exercises} == {"passed"},
        exercises=[
            shown.exercise(result, position, exercise, prompts.get(exercise.id))
            for position, exercise in enumerate(result.exercises, start=1)
            if read
        ],
        notices=[
            sentence(naming_exercises(notice, result, tongue), tongue)
            for notice in of_the_whole(result)[:NOTICES]
        ],
        run=_run(result, tongue, instructor),
        version=__version__,
    ).replace("\n\n", "\n")


@dataclass(frozen=True, slots=True)
class _Page:
    """What all exercises of a page are shown with."""

    submission: Submission
    capture: Capture | None
    language: str
    texts: Texts
    instructor: bool
    budget: Budget

    def exercise(
        self, result: Result, position: int, exercise: ExerciseResult, written: Exercise | None
    ) -> ExerciseView:
        """One exercise as the template shows it."""
        language = self.language
        checks = [check_view(one, exercise, language, self.instructor) for one in exercise.checks]
        stops = stopped(result, exercise, likeliest(exercise)[:SHOWN])
        status = state(exercise.status, language, "exercise")
        if stops and exercise.status == "missing":
            status = replace(status, text=text("exercise.stopped", language))
        cells = tuple(_cells(exercise, self.submission, self.capture, language, self.budget))
        lines = {cell.index: cell.lines for cell in cells}
        places = {(view.cell, view.line) for view in checks if view.state.name != "passed"}
        drawn = passes.pictures(exercise, self.submission, self.capture, language)
        return ExerciseView(
            number=position,
            title=title_markup(title(exercise.title, exercise.id, language)),
            state=status,
            stops=tuple(sentence(stop, language) for stop in stops),
            points=points(exercise.score, exercise.max_score, language),
            task=task(written, language) if written else Markup(""),
            diagnoses=diagnosis_views(exercise, language, self.texts, self.instructor),
            open=tuple(view for view in checks if view.state.name != "passed"),
            passed=tuple(view for view in checks if view.state.name == "passed"),
            excerpts={
                (cell, line): excerpt(lines[cell], line)
                for cell, line in places
                if cell in lines and line is not None
            },
            pictures=tuple(Titled(one.title, one.picture, one.telling) for one in drawn),
            cells=cells,
        )


def _run(result: Result, language: str, instructor: bool) -> list[Markup]:
    run = result.run
    said = [
        ending(result),
        Message("report.run.seconds", {"seconds": round(run.seconds, 1)}),
    ]
    if instructor:
        megabytes = round(run.peak_memory_bytes / 1e6)
        said += [
            Message("report.run.memory", {"megabytes": megabytes}),
            walls(result, language),
            Message("report.run.seed", {"seed": str(result.seed)}),
        ]
    return [sentence(message, language) for message in said]


def _cells(
    exercise: ExerciseResult,
    submission: Submission,
    capture: Capture | None,
    language: str,
    budget: Budget,
) -> Iterable[CellView]:
    observed = {cell.cell: cell for cell in capture.cells} if capture else {}
    for cell in _own_cells(exercise, submission)[:CELLS]:
        seen = observed.get(cell.index)
        yield _cell(cell, seen, exercise, language, budget)


def _own_cells(exercise: ExerciseResult, submission: Submission) -> Sequence[SubmittedCell]:
    """What the student wrote for the exercise, and any other cell that a finding speaks of."""
    named = {check.cell for check in exercise.checks if check.status != "passed"}
    return [
        cell
        for cell in submission.cells
        if cell.kind == "code"
        and (cell.index in named or (cell.exercise == exercise.id and not cell.locked))
        and cell.source.strip()
    ]


def _cell(
    cell: SubmittedCell,
    seen: CellObservation | None,
    exercise: ExerciseResult,
    language: str,
    budget: Budget,
) -> CellView:
    marked = marked_lines(exercise.checks, cell.index)
    raised = seen.error if seen and seen.status != "timeout" else None  # then it is our signal
    if raised and raised.line:
        marked |= {raised.line}
    limit = budget.take(min(SOURCE_LIMIT, len(cell.source)))
    lines, left_out = highlight(cell.source, marked, limit)
    drawn = shots(seen, language, budget) if seen else ()
    traceback = next((shot.text for shot in drawn if shot.kind == "error"), "")
    error = (
        one_line(without_file(f"{raised.type}: {raised.text}").removesuffix(": "), 400)
        if raised
        else ""
    )
    status = seen.status if seen else "ok"
    name = cell.name or ""
    headings = exercise.parts.get(name, {}) if cell.exercise == exercise.id else {}
    return CellView(
        index=cell.index,
        heading=title(headings, name, language) if headings else "",
        label="" if headings else one_line(name, 60),
        lines=lines,
        left_out=left_out,
        error=error,
        traceback=traceback or (clip(visible(raised.text), 2000, 40)[0] if raised else ""),
        status=text(f"cell.{status}", language) if status not in ("ok", "error") else "",
        shots=tuple(shot for shot in drawn if shot.kind != "error"),
    )


@cache
def _environment(language: str) -> Environment:
    """The templates in one language; a text without parameters, `"id"|t`, is compiled into them."""
    made = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["t"] = partial(text, language=language)
    made.globals |= {"counted": counted, "listing": listing}
    return made


@cache
def _style() -> tuple[str, str]:
    """The style sheet, and its digest for the page's own content security policy."""
    sheet = (files("grader.report") / "templates" / "report.css").read_text(encoding="utf-8")
    digest = hashlib.sha256(sheet.encode()).digest()
    return sheet, "sha256-" + base64.b64encode(digest).decode("ascii")
