"""A page for each student, which says at its end which result it shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.batch.place import Place
from grader.model.exercise import Assignment
from grader.model.observation import Capture, RunInfo
from grader.model.record import Observed
from grader.model.result import Result
from grader.model.submission import Submission
from grader.pipeline import diagnosis_texts
from grader.report import html
from grader.submit.names import safe_name

_TAIL = 100  # bytes at the end of a page that hold its mark


def page_path(place: Place, student: str) -> Path:
    """Where a student's page lies; legal and different on every file system."""
    return place.reports / f"{safe_name(student)}.html"


def page(
    result: Result,
    body: Mapping[str, Any],
    observed: Observed | None,
    assignment: Assignment | None = None,
) -> bytes:
    """The page of a result for the instructor, marked with what it shows.

    Prompts and the title come from `assignment`, where there is one.
    """
    seen = observed or Observed(
        Submission(cells=(), language=result.language), Capture(result.seed, RunInfo("completed"))
    )
    texts = diagnosis_texts(result)
    text = html(
        result, seen.submission, seen.capture, result.language, texts, assignment=assignment
    )
    return f"{text.rstrip()}\n{_mark(body)}\n".encode()


def shows(path: Path, body: Mapping[str, Any]) -> bool:
    """Whether the page at `path` is there and shows this result."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL))
            return _mark(body).encode() in file.read()
    except OSError:
        return False


def _mark(body: Mapping[str, Any]) -> str:
    plain = json.dumps(body, sort_keys=True).encode()
    return f"<!-- result {hashlib.sha256(plain).hexdigest()[:32]} -->"
