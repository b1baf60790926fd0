"""Exercises and assignments: from an author's files to frozen data, every mistake at once."""

from grader.spec.course import (
    companions,
    exercise_ids,
    find_course,
    load_assignment,
    load_exercise,
    references,
)
from grader.spec.public import from_stamp, public, to_stamp
from grader.spec.schema import adapter

__all__ = [
    "adapter",
    "companions",
    "exercise_ids",
    "find_course",
    "from_stamp",
    "load_assignment",
    "load_exercise",
    "public",
    "references",
    "to_stamp",
]
