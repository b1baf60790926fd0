"""The part of an assignment that students may have, and its form inside a released notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader.errors import SubmissionError
from grader.model.exercise import Assignment, Check, EventCheck, Exercise
from grader.spec.schema import adapter, build

STAMP_VERSION = 1


def public(assignment: Assignment) -> Assignment:
    """Only what a student may know: no reference, no check that is not public, no roles."""
    return replace(assignment, exercises=tuple(_public_exercise(e) for e in assignment.exercises))


def _public_exercise(exercise: Exercise) -> Exercise:
    shown = {check.id for check in exercise.checks if check.visibility == "public"}
    checks = tuple(_public_check(c, shown) for c in exercise.checks if c.id in shown)
    used = {check.event for check in checks if isinstance(check, EventCheck)}
    return replace(
        exercise,
        points=sum(check.points for check in checks),
        checks=checks,
        roles={},
        events={name: e for name, e in exercise.events.items() if name in used},
        vary=None,
        prompts={},
        digest="",
        folder="",
        reference="",
        functions={},
        warnings=(),
    )


def _public_check(check: Check, shown: set[str]) -> Check:
    needs = tuple(need for need in check.needs if need in shown)
    return replace(check, roles={}, vary=False, needs=needs)


def to_stamp(assignment: Assignment, language: str) -> dict[str, Any]:
    """The notebook metadata `grader`: JSON data from which `check` can work without the course."""
    shared = public(assignment)
    body = adapter(Assignment).dump_python(shared, mode="json", exclude_defaults=True)
    for exercise, data in zip(shared.exercises, body["exercises"], strict=True):
        data["checks"] = [
            adapter(type(check)).dump_python(check, mode="json", exclude_defaults=True)
            | {"kind": check.kind}
            for check in exercise.checks
        ]
    return {"version": STAMP_VERSION, "language": language, "assignment": body}


def from_stamp(stamp: Any) -> Assignment:
    """The public assignment in a released notebook's metadata.

    Raises:
        SubmissionError: there is no stamp, or it is not one that this version wrote.
    """
    if not isinstance(stamp, Mapping) or not isinstance(stamp.get("assignment"), Mapping):
        raise SubmissionError("input.no-stamp")
    if stamp.get("version") != STAMP_VERSION:
        raise SubmissionError("input.stamp-version", found=str(stamp.get("version"))[:20])
    body = dict(stamp["assignment"])
    tables = body.pop("exercises", ())
    assignment, problems = build(Assignment, body | {"exercises": ()}, "metadata.grader")
    exercises: list[Exercise] = []
    for table in tables if isinstance(tables, list) else ():
        exercise, more = build(
            Exercise, dict(table) if isinstance(table, Mapping) else {}, "metadata.grader"
        )
        problems += more
        exercises += [] if exercise is None else [exercise]
    if assignment is None or problems or not exercises:
        raise SubmissionError("input.stamp-damaged")
    return replace(assignment, exercises=tuple(exercises))
