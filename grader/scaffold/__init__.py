"""The files of a new exercise: small, complete, and asking to be changed."""

from __future__ import annotations

import re
from pathlib import Path

from grader.errors import CallError

_ID = re.compile(r"(?=.{1,60}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FILES = Path(__file__).parent / "files"


def create(course: Path, exercise_id: str) -> tuple[Path, ...]:
    """Write a new exercise into a course; the paths written, all or none.

    Raises:
        CallError: the id is malformed, or the exercise exists.
    """
    if not _ID.fullmatch(exercise_id) or exercise_id == "assignments":
        raise CallError(
            f"{exercise_id!r} is no exercise id: expected lower-case words joined by hyphens, "
            "such as second-derivative"
        )
    targets = {
        course / "exercises" / exercise_id: ("exercise.toml", "starter.py", "prompt.en.md"),
        course / "solutions" / exercise_id: ("reference.py",),
    }
    for folder in targets:
        if folder.exists():
            raise CallError(f"{folder} exists already; choose another id, or remove it")
    written = []
    for folder, names in targets.items():
        folder.mkdir(parents=True)
        for name in names:
            text = (_FILES / f"{name}.txt").read_text("utf-8")
            (folder / name).write_text(text.replace("EXERCISE", exercise_id), "utf-8")
            written.append(folder / name)
    for name in ("accepted", "wrong"):
        (course / "solutions" / exercise_id / name).mkdir()
    return tuple(written)
