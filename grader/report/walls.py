"""What is said of the walls behind which a notebook ran."""

from __future__ import annotations

from grader.model.result import Result
from grader.model.submission import Message
from grader.report.language import text


def walls(result: Result, language: str) -> Message:
    """Which there were, or that there were none."""
    layers = ", ".join(result.run.isolation) or text("report.run.no-isolation", language)
    return Message("report.run.isolation", {"layers": layers})


def unwalled(result: Result) -> bool:
    """Whether an instructor is to be told at once that nothing kept the notebook away from them."""
    return result.unwalled and result.audience == "instructor"
