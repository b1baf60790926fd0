"""The only stage that speaks a language: a page, JSON, Markdown, a notebook, and the terminal.

`for_audience` comes first: the others show whatever they are given. `classroom` shows
a class to its instructor, and is imported by itself.
"""

from grader.languages import LANGUAGES
from grader.report.html import html
from grader.report.language import say
from grader.report.markdown import markdown
from grader.report.notebook import notebook
from grader.report.result_json import schema, to_json
from grader.report.terminal import terminal
from grader.report.texts import DiagnosisText
from grader.report.visibility import exercise_status, for_audience, totals

__all__ = [
    "LANGUAGES",
    "DiagnosisText",
    "exercise_status",
    "for_audience",
    "html",
    "markdown",
    "notebook",
    "say",
    "schema",
    "terminal",
    "to_json",
    "totals",
]
