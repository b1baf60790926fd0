"""Texts that are not in the catalogs: authors' titles, and the misconceptions' explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from grader.languages import known
from grader.model.exercise import Assignment
from grader.model.result import Diagnosis, ExerciseResult, Result
from grader.model.submission import Message
from grader.report.inert import one_line
from grader.report.language import fill, text
from grader.report.prose import paragraphs, safe_link


@dataclass(frozen=True, slots=True)
class DiagnosisText:
    """What a misconception's catalogue entry says, in the report's language.

    Attributes:
        message: what probably happened, in Markdown with `{param}`.
        title: its name in a few words; "" for none.
        see: an https address to read on, "" for none.
        try_next: what to do about it, in Markdown with `{param}`; "" for none.
        wrong, right: the mistake and its remedy as a few lines of Python; "" for none.
    """

    message: str
    title: str = ""
    see: str = ""
    try_next: str = ""
    wrong: str = ""
    right: str = ""


Texts = Mapping[str, DiagnosisText]


@dataclass(frozen=True, slots=True)
class Told:
    """A diagnosis in plain text: its name, what happened, what to do, where to read on.

    Paragraphs of code keep their lines.
    """

    title: str
    paragraphs: tuple[str, ...]
    see: str
    try_next: tuple[str, ...] = ()


def told(diagnosis: Diagnosis, language: str, texts: Texts) -> Told:
    """What is said of `diagnosis` where there is no markup; a neutral sentence without a text."""
    found = texts.get(diagnosis.id)
    if found is None:
        return Told("", (text("diagnosis.unknown", language),), "")
    return Told(
        fill(found.title, diagnosis.params, language),
        tuple(paragraphs(found.message, diagnosis.params, language)),
        safe_link(found.see),
        tuple(paragraphs(found.try_next, diagnosis.params, language)),
    )


def title(titles: Mapping[str, str], id: str, language: str) -> str:
    """A title in `language`, else in English, else the id (which its author chose)."""
    return _title(titles.get(known(language)) or titles.get("en") or id)


@lru_cache(maxsize=1024)
def _title(written: str) -> str:
    return one_line(written)


def headline(result: Result, assignment: Assignment | None, language: str) -> str:
    """The assignment's title; its id where there is no title, or only the result is at hand."""
    return title(assignment.title if assignment else {}, one_line(result.assignment, 120), language)


def naming_parts(message: Message, exercise: ExerciseResult, language: str) -> Message:
    """`message` with the checks that it waits for, and the cell, by what students see of them."""
    changed: dict[str, str] = {}
    needs, cell = message.params.get("needs"), message.params.get("cell")
    if isinstance(needs, str):
        titles = {check.check: check.title for check in exercise.checks}
        said = (title(titles.get(id, {}), id, language) for id in needs.split(", "))
        changed["needs"] = ", ".join(said).replace("`", "")  # it stands in quotation marks
    if isinstance(cell, str) and cell in exercise.parts:
        changed["cell"] = title(exercise.parts[cell], cell, language)
    return Message(message.id, {**message.params, **changed}) if changed else message


def naming_exercises(message: Message, result: Result, language: str) -> Message:
    """`message` with the exercise that it speaks of by title instead of by id, and its cell."""
    spoken = {exercise.id: exercise for exercise in result.exercises}
    exercise = spoken.get(str(message.params.get("exercise")))
    if exercise is None:
        return message
    named = {"exercise": title(exercise.title, exercise.id, language)}
    message = naming_parts(message, exercise, language)
    return Message(message.id, {**message.params, **named})
