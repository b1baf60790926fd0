"""What a class's marks tell: pure functions of the gradebook's lines.

    line(grade)        one student, as small as the statistics need it
    overview(lines)    the class: marks, exercises and checks, misconceptions, runs, what waits

Nothing here speaks a language or knows of pages; `grader.report` shows what this says.
"""

from grader.classroom.distribution import Distribution, distribution
from grader.classroom.items import FEW, POOR, Item, Outcome, items
from grader.classroom.line import CheckLine, ExerciseLine, Line, line
from grader.classroom.overview import (
    Misconception,
    Overview,
    Reason,
    Runs,
    Undecided,
    Waiting,
    overview,
)

__all__ = [
    "FEW",
    "POOR",
    "CheckLine",
    "Distribution",
    "ExerciseLine",
    "Item",
    "Line",
    "Misconception",
    "Outcome",
    "Overview",
    "Reason",
    "Runs",
    "Undecided",
    "Waiting",
    "distribution",
    "items",
    "line",
    "overview",
]
