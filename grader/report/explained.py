"""Diagnoses as the page shows them: what happened, what to try, the mistake in a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from grader.model.result import Diagnosis, ExerciseResult
from grader.report.code import CodeLine, highlight
from grader.report.language import text
from grader.report.prose import inline, passage, safe_link
from grader.report.texts import DiagnosisText, Texts

SHOWN = 3


@dataclass(frozen=True, slots=True)
class DiagnosisView:
    """One misconception that explains what was found."""

    title: Markup
    message: Markup
    try_next: Markup
    wrong: tuple[CodeLine, ...]
    right: tuple[CodeLine, ...]
    see: str
    confidence: str


def likeliest(exercise: ExerciseResult) -> tuple[Diagnosis, ...]:
    """The exercise's diagnoses, surest first."""
    return tuple(sorted(exercise.diagnoses, key=lambda diagnosis: -diagnosis.confidence))


def diagnosis_views(
    exercise: ExerciseResult, language: str, texts: Texts, instructor: bool
) -> tuple[DiagnosisView, ...]:
    """The exercise's misconceptions, the likeliest first."""
    ranked = likeliest(exercise)[:SHOWN]
    return tuple(_diagnosis(diagnosis, language, texts, instructor) for diagnosis in ranked)


def _diagnosis(
    diagnosis: Diagnosis, language: str, texts: Texts, instructor: bool
) -> DiagnosisView:
    found = texts.get(diagnosis.id) or DiagnosisText(text("diagnosis.unknown", language))
    percent = round(100 * diagnosis.confidence)
    wrong, right = _snippets(found.wrong, found.right)
    return DiagnosisView(
        title=inline(found.title, diagnosis.params, language),
        message=passage(found.message, diagnosis.params, language),
        try_next=passage(found.try_next, diagnosis.params, language),
        wrong=wrong,
        right=right,
        see=safe_link(found.see),
        confidence=text("report.confidence", language, percent=percent) if instructor else "",
    )


@lru_cache(maxsize=512)
def _snippets(wrong: str, right: str) -> tuple[tuple[CodeLine, ...], tuple[CodeLine, ...]]:
    """Both snippets, with the lines marked that the other one does not have."""
    if not (wrong and right):
        return (), ()
    lines = wrong.split("\n"), right.split("\n")
    marked = [
        frozenset(n for n, one in enumerate(own, start=1) if one not in other)
        for own, other in (lines, lines[::-1])
    ]
    made = [highlight(source, mark)[0] for source, mark in zip((wrong, right), marked, strict=True)]
    return made[0], made[1]
