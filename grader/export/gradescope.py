"""Gradescope's `results.json`, one a student."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from grader.errors import CallError
from grader.export.cells import number
from grader.export.shared import comments, late
from grader.model.record import CheckMark, Grade, Mark
from grader.model.result import Result
from grader.model.submission import Message
from grader.report import DiagnosisText, for_audience, say, to_json
from grader.report.texts import title

Explain = Callable[[Result], Mapping[str, DiagnosisText]]


def gradescope(
    grade: Grade, as_of: str | None, explain: Explain, language: str | None = None
) -> dict[str, Any]:
    """What Gradescope shows to the student: what they may see at `as_of`, and the mark.

    `tests` are the checks that the student may see. The points of all others are one test without
    a word of them, which Gradescope hides; it then hides the total too, as it must: 3 of 5 beside
    three visible passes would tell of two hidden ones. `score` is the mark that counts.

    Raises:
        CallError: there is no mark yet that may leave the house.
    """
    if grade.result is None or grade.mark is None or grade.mark.open:
        raise CallError(f"{grade.student.key}, {grade.assignment}: expected a mark, found none yet")
    spoken = language or grade.result.language
    shown = for_audience(grade.result, "student", as_of, grade.due)
    tests = [*_tests(shown, grade, spoken), *_withheld(shown, grade.mark, spoken)]
    return {
        "score": number(grade.mark.score),
        "execution_time": round(grade.result.run.seconds, 3),
        "output": "\n\n".join(
            part
            for part in (
                comments(grade, as_of, spoken),
                _late(grade, spoken),
                *_diagnoses(shown, explain(shown), spoken),
            )
            if part
        ),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "assignment": grade.assignment,
            "spec_hash": grade.result.spec_hash,
            "grader": grade.grader,
        },
        "tests": tests,
    }


def _tests(shown: Result, grade: Grade, language: str) -> Iterable[dict[str, Any]]:
    marks = _checks(grade.mark)
    said = to_json(shown, language)
    for at, (exercise, told) in enumerate(zip(shown.exercises, said["exercises"], strict=True), 1):
        for number_, (check, words) in enumerate(
            zip(exercise.checks, told["checks"], strict=True), 1
        ):
            mark = marks[exercise.id, check.check]
            passed = mark.score >= mark.max_score if mark.manual else check.status == "passed"
            undecided = check.status == "undecidable" and not mark.manual
            yield {
                "score": number(mark.score),
                "max_score": number(mark.max_score),
                **({} if undecided else {"status": "passed" if passed else "failed"}),
                "name": f"{told['title']}: {title(check.title, check.check, language)}",
                "name_format": "text",
                "number": f"{at}.{number_}",
                "output": words["message"],
                "output_format": "text",
                "visibility": "visible",
            }


def _withheld(shown: Result, mark: Mark | None, language: str) -> Iterable[dict[str, Any]]:
    names = {(e.id, check.check) for e in shown.exercises for check in e.checks}
    rest = [check for key, check in _checks(mark).items() if key not in names]
    if rest:
        yield {
            "score": number(sum(check.score for check in rest)),
            "max_score": number(sum(check.max_score for check in rest)),
            "name": say(Message("export.withheld"), language),
            "name_format": "text",
            "visibility": "hidden",
        }


def _checks(mark: Mark | None) -> dict[tuple[str, str], CheckMark]:
    parts = mark.exercises if mark else ()
    return {(e.id, check.id): check for e in parts for check in e.checks}


def _late(grade: Grade, language: str) -> str:
    told = late(grade)
    return "" if told is None else say(told, language)


def _diagnoses(shown: Result, texts: Mapping[str, DiagnosisText], language: str) -> Iterable[str]:
    for exercise in to_json(shown, language, texts)["exercises"]:
        for diagnosis in exercise["diagnoses"]:
            see = f"\n{diagnosis['see']}" if diagnosis["see"] else ""
            yield f"{exercise['title']}: {diagnosis['message']}{see}"
