"""A result as JSON: `schema: 1`, described by `result.schema.json` beside this module.

Numbers that JSON lacks are the strings `nan`, `inf` and `-inf`, here as in `Shown.values`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from math import isfinite, isnan
from typing import Any

from grader import __version__
from grader.errors import InternalError
from grader.languages import known
from grader.model.result import Diagnosis, ExerciseResult, Finding, Result, Shown, Tolerance, Worst
from grader.report.inert import one_line, visible
from grader.report.language import say
from grader.report.texts import (
    DiagnosisText,
    Texts,
    naming_exercises,
    naming_parts,
    title,
    told,
)

SCHEMA = 1
TEXT_LIMIT = 2000
_INERT = frozenset({float, int, bool, type(None)})


def to_json(
    result: Result, language: str, diagnosis_texts: Mapping[str, DiagnosisText] | None = None
) -> dict[str, Any]:
    """`result` as JSON's own types, its texts in `language`; keys always in the same order.

    Raises:
        InternalError: a score is not a finite number.
    """
    texts = diagnosis_texts or {}
    body = {
        "schema": SCHEMA,
        "grader": __version__,
        "assignment": {
            "id": result.assignment,
            "spec_hash": result.spec_hash,
            "released_hash": result.released_hash,
        },
        "student": None if result.student is None else one_line(result.student),
        "language": known(language),
        "seed": result.seed,
        "audience": result.audience,
        "as_of": result.as_of,
        "status": result.status,
        "reason": result.reason,
        "score": _score(result.score),
        "max_score": _score(result.max_score),
        "exercises": [_exercise(exercise, language, texts) for exercise in result.exercises],
        "run": {
            "status": result.run.status,
            "seconds": _number(result.run.seconds),
            "peak_memory_bytes": result.run.peak_memory_bytes,
            "isolation": list(result.run.isolation),
            "retried": result.run.retried,
            "cells": [
                {"index": index, "status": status, "seconds": _number(seconds)}
                for index, status, seconds in result.cells
            ],
        },
        "notices": [
            {"id": notice.id, "message": say(naming_exercises(notice, result, language), language)}
            for notice in result.notices
        ],
    }
    inert: dict[str, Any] = _inert(body)
    return inert


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `to_json` returns."""
    text = (files("grader.report") / "result.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _inert(node: Any) -> Any:
    """`node` with every text visible: whatever it came from, it can be encoded and read."""
    if isinstance(node, str):
        return visible(node[:TEXT_LIMIT])
    # Most of what they hold are numbers.
    if isinstance(node, dict):
        return {k: value if type(value) in _INERT else _inert(value) for k, value in node.items()}
    if isinstance(node, list):
        return [value if type(value) in _INERT else _inert(value) for value in node]
    return node


def _exercise(exercise: ExerciseResult, language: str, texts: Texts) -> dict[str, Any]:
    return {
        "id": exercise.id,
        "title": title(exercise.title, exercise.id, language),
        "score": _score(exercise.score),
        "max_score": _score(exercise.max_score),
        "status": exercise.status,
        "checks": [_check(check, exercise, language) for check in exercise.checks],
        "diagnoses": [_diagnosis(diagnosis, language, texts) for diagnosis in exercise.diagnoses],
    }


def _check(check: Finding, exercise: ExerciseResult, language: str) -> dict[str, Any]:
    return {
        "id": check.check,
        "kind": check.kind,
        "status": check.status,
        "score": _score(check.score),
        "max_score": _score(check.max_score),
        "visibility": check.visibility,
        "message": say(naming_parts(check.message, exercise, language), language),
        "expected": _shown(check.expected),
        "actual": _shown(check.actual),
        "tolerance": _tolerance(check.tolerance),
        "worst": _worst(check.worst),
    }


def _diagnosis(diagnosis: Diagnosis, language: str, texts: Texts) -> dict[str, Any]:
    said = told(diagnosis, language, texts)
    lines = (*filter(None, (said.title,)), *said.paragraphs, *said.try_next)
    return {
        "id": diagnosis.id,
        "confidence": _number(diagnosis.confidence),
        "message": "\n".join(lines),
        "see": said.see or None,
    }


def _shown(shown: Shown | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    return {
        "kind": shown.kind,
        "dtype": shown.dtype,
        "shape": list(shown.shape),
        "values": [_value(value) for value in shown.values[:64]],
        "elements": shown.elements,
    }


def _value(value: float | bool | str | Sequence[float | str]) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    return [part if isinstance(part, str) else _number(part) for part in value]


def _tolerance(tolerance: Tolerance | None) -> dict[str, Any] | None:
    if tolerance is None:
        return None
    relative = tolerance.relative
    return {
        "absolute": _number(tolerance.absolute),
        "relative": None if relative is None else _number(relative),
        "mode": tolerance.mode,
        "floor": _number(tolerance.floor),
        "gap": _number(tolerance.gap),
        "spread": _number(tolerance.spread),
        "dtype": tolerance.dtype,
    }


def _worst(worst: Worst | None) -> dict[str, Any] | None:
    if worst is None:
        return None
    return {
        "index": list(worst.index),
        "ulp": None if worst.ulp is None else _number(worst.ulp),
    }


def _number(value: float) -> float | str:
    if isinstance(value, int):
        return int(value)
    if isfinite(value):
        return float(value)
    return "nan" if isnan(value) else "inf" if value > 0 else "-inf"


def _score(score: float) -> float:
    if not isfinite(score):
        raise InternalError(f"a score must be a finite number, found {score}")
    return float(score)
