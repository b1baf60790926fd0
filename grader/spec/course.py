"""Finds a course on disk and loads its exercises and assignments."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.errors import CallError, Problem, SpecError
from grader.model.exercise import Assignment, Exercise, Limits
from grader.spec.files import Files, parse_toml, read_exercise
from grader.spec.limits import course_limits
from grader.spec.rules import problems_of, problems_of_limits, problems_of_preload, warnings_of
from grader.spec.schema import build


def find_course(start: Path) -> Path:
    """The nearest folder at or above `start` that has `exercises/` and `solutions/`.

    Raises:
        CallError: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "exercises").is_dir() and (folder / "solutions").is_dir():
            return folder
    raise CallError(
        f"no course at or above {start}: expected a folder with exercises/ and solutions/. "
        "Change into one, or name it with --course."
    )


def exercise_ids(course: Path) -> tuple[str, ...]:
    """Ids of all exercises of a course, sorted."""
    return tuple(sorted(path.parent.name for path in course.glob("exercises/*/exercise.toml")))


def load_exercise(course: Path, exercise_id: str) -> Exercise:
    """One exercise, validated against its starter, its prompts and its reference.

    Raises:
        SpecError: with every mistake in the exercise's files.
    """
    exercise, _, problems = _load(course, exercise_id)
    if problems or exercise is None:
        raise SpecError(problems)
    return exercise


def _load(course: Path, exercise_id: str) -> tuple[Exercise | None, Files | None, list[Problem]]:
    folder = course / "exercises" / exercise_id
    if not (folder / "exercise.toml").is_file():
        known = ", ".join(exercise_ids(course)) or "none"
        return (
            None,
            None,
            [
                Problem(
                    "exercises", exercise_id, f"one of the course's exercises ({known})", "no such"
                )
            ],
        )
    files, problems = read_exercise(course, exercise_id)
    if files is None:
        return None, None, problems
    exercise, more = build(Exercise, files.document, files.toml_name)
    problems += more
    # A check that cannot be read is missing everywhere else: of that nothing more is said.
    if exercise is not None and not more:
        problems += problems_of(exercise, files)
        exercise = _with_warnings(exercise, files)
    return exercise, files, problems


def _with_warnings(exercise: Exercise, files: Files) -> Exercise:
    return replace(exercise, warnings=warnings_of(exercise, files))


def load_assignment(course: Path, assignment_id: str) -> Assignment:
    """An assignment with all its exercises, stamped with the hash of everything that defines it.

    An exercise's id works too: it is then an assignment of that exercise alone.

    Raises:
        SpecError: with every mistake in the assignment and its exercises.
    """
    path = course / "exercises" / "assignments" / f"{assignment_id}.toml"
    if not path.is_file() and (course / "exercises" / assignment_id / "exercise.toml").is_file():
        exercise, files, problems = _load(course, assignment_id)
        limits, said, more = course_limits(course)
        problems = [*problems, *more]
        if exercise is None or files is None or problems:
            raise SpecError(problems)
        return Assignment(
            id=assignment_id,
            title=exercise.title,
            exercises=(exercise,),
            limits=Limits(**limits),
            spec_hash=_hash([files.content, *said]),
        )
    if not path.is_file():
        known = sorted(p.stem for p in path.parent.glob("*.toml"))
        raise SpecError(
            [
                Problem(
                    "exercises/assignments",
                    assignment_id,
                    f"one of {', '.join(known) or 'no assignments'}, or an exercise's id",
                    "no such assignment",
                )
            ]
        )
    return _assignment(course, path)


def _assignment(course: Path, path: Path) -> Assignment:
    name = str(path.relative_to(course))
    document, problems = parse_toml(path, name)
    exercises: list[Exercise] = []
    contents = [path.read_bytes()]
    wanted: Any = document.get("exercises")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(x, str) for x in wanted):
        problems.append(Problem(name, "exercises", "a list of exercise ids", repr(wanted)))
        wanted = []
    for exercise_id in wanted:
        exercise, files, more = _load(course, exercise_id)
        problems += more
        if exercise is not None and files is not None:
            exercises.append(exercise)
            contents.append(files.content)
    if len(set(wanted)) != len(wanted):
        problems.append(Problem(name, "exercises", "each exercise once", "a repetition"))
    for companion in document.get("files", []):
        target = (path.parent / str(companion)).resolve()
        if not target.is_file() or not target.is_relative_to(path.parent.resolve()):
            problems.append(
                Problem(name, "files", f"a file in {path.parent.name}/", f"{companion!r}")
            )
        else:
            contents.append(target.read_bytes())
    limits, said, more = course_limits(course)
    problems += more
    contents += said
    own = document.get("limits", {})
    document = dict(document) | {
        "id": path.stem,
        "exercises": (),
        "limits": {**limits, **own} if isinstance(own, dict) else own,
    }
    assignment, more = build(Assignment, document, name)
    problems += more
    if assignment is not None:
        problems += problems_of_limits(assignment.limits, name)
        problems += problems_of_preload(assignment.preload, name)
    if problems or assignment is None:
        raise SpecError(problems)
    return Assignment(
        id=assignment.id,
        title=assignment.title,
        exercises=tuple(exercises),
        due=assignment.due,
        files=assignment.files,
        preload=assignment.preload,
        limits=assignment.limits,
        spec_hash=_hash(contents),
    )


def references(course: Path, assignment: Assignment) -> Mapping[str, Path]:
    """Exercise id → its `reference.py`."""
    return {
        exercise.id: course / "solutions" / exercise.id / "reference.py"
        for exercise in assignment.exercises
    }


def companions(course: Path, assignment: Assignment) -> Mapping[str, bytes]:
    """Name → content of the files that travel with an assignment's notebook."""
    folder = course / "exercises" / "assignments"
    return {Path(name).name: (folder / name).read_bytes() for name in assignment.files}


def _hash(contents: Sequence[bytes]) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()
