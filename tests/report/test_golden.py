"""What people read, as files to look at. `UPDATE_GOLDEN=1` writes them anew."""

import io
import json
import os
import sys
from pathlib import Path

import pytest
from rich.console import Console

from grader.report import for_audience, html, terminal, to_json

from .samples import CAPTURE, RESULT, SUBMISSION, TEXTS

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def _one_version(monkeypatch):
    for module in ("grader.report.html", "grader.report.result_json"):
        monkeypatch.setattr(sys.modules[module], "__version__", "1.2.3")


def as_html(result, language):
    return html(result, SUBMISSION, CAPTURE, language, TEXTS[language])


def as_text(result, language):
    file = io.StringIO()
    terminal(result, language, Console(file=file, width=88), TEXTS[language])
    return file.getvalue()


def as_json(result, language):
    body = to_json(result, language, TEXTS[language])
    return json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
@pytest.mark.parametrize(
    ("audience", "suffix", "write"),
    [
        ("student", "html", as_html),
        ("student", "txt", as_text),
        ("instructor", "html", as_html),
        ("instructor", "json", as_json),
    ],
)
def test_people_read_what_they_read_before(language, audience, suffix, write):
    result = for_audience(RESULT, audience, RESULT.as_of, "2026-12-01")
    path = GOLDEN / f"{audience}.{language}.{suffix}"
    said = write(result, language)
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == said
