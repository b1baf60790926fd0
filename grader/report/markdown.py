"""The report as Markdown: for a learning platform's comment box, and for cells of a notebook.

What strangers wrote is escaped or stands in code: it makes no markup, no link and no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from grader.languages import known
from grader.model.exercise import Assignment
from grader.model.result import Diagnosis, ExerciseResult, Finding, Result
from grader.model.submission import Message
from grader.report.ending import ending
from grader.report.explained import likeliest
from grader.report.inert import one_line
from grader.report.language import PLACE, Param, filling, text, wording
from grader.report.stopped import of_the_whole, stopped
from grader.report.summary import todo
from grader.report.texts import (
    DiagnosisText,
    Texts,
    headline,
    naming_exercises,
    naming_parts,
    title,
)
from grader.report.values import pair, plain
from grader.report.views import SYMBOLS, compared, far, points
from grader.report.walls import unwalled, walls

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&$:@/=^])")
_CODE = re.compile(r"(`[^`\n]*`|^(?: {4}|\t).*$)", re.MULTILINE)
_ROOM = 90  # characters of a value beside its label


def markdown(
    result: Result,
    language: str,
    diagnosis_texts: Texts | None = None,
    *,
    assignment: Assignment | None = None,
) -> str:
    """The page of `result`, already filtered for its audience, as CommonMark.

    Its heading is the title of `assignment`, the id where there is none.
    """
    tongue = known(language)
    texts = diagnosis_texts or {}
    parts = [f"# {_title(headline(result, assignment, tongue))}", f"**{_score(result, tongue)}**"]
    if result.audience == "student":
        parts.append(_said("report.checks-so-far", tongue))
    if result.run.status != "completed":
        parts.append(sentence(ending(result), tongue))
    if unwalled(result):
        parts.append(sentence(walls(result, tongue), tongue))
    parts += [
        sentence(naming_exercises(n, result, tongue), tongue) for n in of_the_whole(result)[:10]
    ]
    if result.run.status == "refused":
        return "\n\n".join(parts) + "\n"
    lost = result.audience == "instructor"
    things = todo(result, tongue, texts, lost=lost)
    if things:
        lines = (
            f"{number}. **{_title(thing.exercise)}**: {_title(thing.what)}"
            + (f" ({escaped(thing.gain)})" if thing.gain else "")
            for number, thing in enumerate(things, start=1)
        )
        head = _said("report.first.instructor" if lost else "report.first", tongue)
        parts += [f"## {head}", "\n".join(lines)]
    for exercise in result.exercises:
        name = _title(title(exercise.title, exercise.id, tongue))
        parts += [f"## {name}", feedback(result, exercise, tongue, texts)]
    return "\n\n".join(parts) + "\n"


def feedback(result: Result, exercise: ExerciseResult, language: str, texts: Texts) -> str:
    """What is said of one exercise of `result`, without a heading.

    Its marks, where it stopped, the likeliest reason, checks.
    """
    missing = exercise.status == "missing"
    shown = () if missing else likeliest(exercise)[:1]
    stops = stopped(result, exercise, shown, checks=not missing)
    symbol = SYMBOLS.get(exercise.status, "–")
    status = _said(
        "exercise.stopped" if missing and stops else f"exercise.{exercise.status}", language
    )
    marks = escaped(points(exercise.score, exercise.max_score, language))
    parts = [f"**{symbol} {status}**, {marks}"]
    parts += [sentence(stop, language) for stop in stops]
    if missing:
        return "\n\n".join(parts)
    for diagnosis in shown:
        parts += _diagnosis(diagnosis, language, texts)
    wrong = [check for check in exercise.checks if check.status not in ("passed", "skipped")]
    if wrong:
        parts.append(
            "\n".join(line for check in wrong for line in _check(check, exercise, language))
        )
    passed = sum(check.status == "passed" for check in exercise.checks)
    if passed:
        parts.append(escaped(text("report.passed-checks", language, count=passed)))
    return "\n\n".join(parts)


def escaped(words: str) -> str:
    """Words that are no Markdown and no HTML, on one line."""
    return _SPECIAL.sub(r"\\\1", one_line(words, 2000))


def code(words: str) -> str:
    """Words as code; their own backticks become quotation marks."""
    return f"`{one_line(words, 2000).replace('`', chr(39)) or ' '}`"


def sentence(message: Message, language: str) -> str:
    """A message as Markdown."""
    tongue, template = wording(message, language)
    return filled(template, message.params, tongue)


def filled(template: str, params: Mapping[str, Param], language: str) -> str:
    """A catalog's Markdown with each `{name}` replaced: escaped, or bare of backticks in code."""

    def inside(found: re.Match[str]) -> str:
        return filling(found[1], params, language).replace("`", "'")

    def outside(found: re.Match[str]) -> str:
        return escaped(filling(found[1], params, language))

    parts = _CODE.split(template)
    return "".join(
        PLACE.sub(inside if place % 2 else outside, part) for place, part in enumerate(parts)
    )


def _score(result: Result, language: str) -> str:
    if result.status != "graded":
        return _said("report.not-graded", language)
    said = text("report.score", language, score=result.score, max=result.max_score)
    return escaped(said)


def _said(id: str, language: str) -> str:
    return sentence(Message(id), language)


def _title(words: str) -> str:
    """A title, whose code stands in backticks."""
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return escaped(words)
    marked = (code(part) if place % 2 else escaped_part(part) for place, part in enumerate(parts))
    return "".join(marked)


def escaped_part(words: str) -> str:
    """Like `escaped`, with the blanks at both ends kept."""
    return _SPECIAL.sub(r"\\\1", words)


def _diagnosis(diagnosis: Diagnosis, language: str, texts: Texts) -> Iterable[str]:
    found = texts.get(diagnosis.id) or DiagnosisText(text("diagnosis.unknown", language))
    name = filled(found.title, diagnosis.params, language)
    lead = _said("report.diagnoses", language)
    yield f"**{lead}**" + (f": {name}" if name else "")
    yield filled(found.message, diagnosis.params, language)
    if found.try_next:
        yield f"**{_said('report.try', language)}**"
        yield filled(found.try_next, diagnosis.params, language)
    if found.see.startswith("https://") and not re.search(r"[\s<>()\[\]]", found.see):
        yield f"[{_said('report.see', language)}]({found.see})"


def _check(check: Finding, exercise: ExerciseResult, language: str) -> Iterable[str]:
    check = compared(check)
    name = _title(title(check.title, check.check, language))
    symbol = SYMBOLS.get(check.status, "–")
    said = sentence(naming_parts(check.message, exercise, language), language)
    yield f"- {symbol} **{name}**: {said}"
    if check.expected is not None and check.actual is not None:
        both = [plain(lines) for lines in pair(check.expected, check.actual, None)]
        if all(value and "\n" not in value and len(value) < _ROOM for value in both):
            labels = ("report.expected", "report.actual")
            yield from (
                f"    - {_said(label, language)}: {code(value)}"
                for label, value in zip(labels, both, strict=True)
            )
    told = far(check, language)
    if told is not None:
        yield f"    - {sentence(told, language)}"
