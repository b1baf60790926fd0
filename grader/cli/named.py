"""The assignment that was named on the command line."""

from __future__ import annotations

from pathlib import Path

from grader.errors import CallError
from grader.model.exercise import Assignment
from grader.spec import load_assignment


def named_assignment(course: Path, name: str) -> Assignment:
    """The assignment, or the exercise as one, of this name.

    Raises:
        CallError: there is no such one; it lists the assignments that there are.
        SpecError: the course has mistakes.
    """
    exercises = course / "exercises"
    assignments = exercises / "assignments"
    there = (assignments / f"{name}.toml", exercises / name / "exercise.toml")
    if not any(path.is_file() for path in there):
        known = ", ".join(sorted(path.stem for path in assignments.glob("*.toml"))) or "none"
        raise CallError(
            f"expected an assignment of {course} ({known}) or the id of an exercise "
            f"(`grader exercises` lists them), found {name!r}"
        )
    return load_assignment(course, name)
