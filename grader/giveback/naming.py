"""What a student's page is called where it is to be taken: a path with `/`.

Moodle and Canvas recognise whose a file is by the name that the submission had when it was
downloaded, and by nothing else; the gradebook remembers it as the attempt's source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from grader.model.record import Grade
from grader.submit.names import safe_name

Platform = Literal["folder", "moodle", "canvas", "nbgrader"]
_MOODLE = re.compile(
    r"(?P<who>[^/]+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?"
)
_CANVAS = re.compile(r"(?P<before>(?:.+?_)?(?P<user>\d+)_\d+_).+")
_BLIND = re.compile(r"(?P<before>(?:LATE_|late_)?(?P<user>anon_\w{4,12}?)_\d+_).+")


@dataclass(frozen=True, slots=True)
class Named:
    """Where a page goes, or why it cannot go there."""

    path: str | None
    why: str = ""


def named(grade: Grade, platform: Platform) -> Named:
    """What the page of `grade`, which has an attempt, is called on `platform`."""
    return PLATFORMS[platform](grade)


def _folder(grade: Grade) -> Named:
    return Named(f"{safe_name(grade.student.key)}.html")


def _moodle(grade: Grade) -> Named:
    """`<Full name>_<number>_assignsubmission_file_<file>`: every version takes it."""
    for part in _parts(grade):
        found = _MOODLE.fullmatch(part)
        if found:
            who = found["who"].replace("_", " ")  # Moodle counts the `_`
            prefix = f"{who}_{found['number']}_assignsubmission_file_"
            return Named(f"{prefix}{safe_name(grade.assignment)}.html")
    return Named(
        None, "because it was not handed in by a Moodle download, which names the participant"
    )


def _canvas(grade: Grade) -> Named:
    """`<student>_<user>_<file>_<name>`, where the two numbers say what it is a comment on.

    Any file may have two numbers in its name: the first must be the student's own.
    """
    own = {grade.student.ids.get("canvas"), grade.student.key}
    for part in _parts(grade):
        found = _BLIND.fullmatch(part) or _CANVAS.fullmatch(part)
        if found and found["user"] in own:
            return Named(f"{found['before']}{safe_name(grade.assignment)}.html")
    return Named(None, "because it was not handed in by a Canvas download, which numbers the file")


def _nbgrader(grade: Grade) -> Named:
    """`feedback/<student>/<assignment>/<notebook>.html`, the counterpart of `submitted/…`."""
    parts = _parts(grade)
    notebook = PurePosixPath(parts[-1]).stem if parts and parts[-1] else grade.assignment
    student, assignment = grade.student.key, grade.assignment
    at = parts.index("submitted") + 1 if "submitted" in parts else 0
    if at and len(parts) >= at + 3 and student not in parts[:at]:
        student, assignment = parts[at : at + 2]
    elif len(parts) >= 3 and parts[-3] == student:
        assignment = parts[-2]
    names = (student, assignment, notebook)
    if any(name in {"", ".", ".."} or re.search(r"[/\\\x00-\x1f]", name) for name in names):
        return Named(None, f"because this is no name of a folder or file: {'/'.join(names)!r}")
    return Named(f"feedback/{student}/{assignment}/{notebook}.html")


def _parts(grade: Grade) -> list[str]:
    """Where it lay, the outermost first: what a student called a file stands behind what the
    platform called it."""
    return [] if grade.attempt is None else grade.attempt.source.split("/")


PLATFORMS: Mapping[Platform, Callable[[Grade], Named]] = {
    "folder": _folder,
    "moodle": _moodle,
    "canvas": _canvas,
    "nbgrader": _nbgrader,
}
