"""The gradebook: what a course's students handed in and what came of it, in a database.

`Gradebook` is all that others need; `mark` is the one place where a mark is computed.
"""

from grader.gradebook.book import Gradebook
from grader.gradebook.content import content_hash
from grader.gradebook.marks import mark, standing_marks
from grader.gradebook.regrade import CheckChange, Earlier, Outcome, Regraded, Why, compare
from grader.gradebook.stored import Written, written

__all__ = [
    "CheckChange",
    "Earlier",
    "Gradebook",
    "Outcome",
    "Regraded",
    "Why",
    "Written",
    "compare",
    "content_hash",
    "mark",
    "standing_marks",
    "written",
]
