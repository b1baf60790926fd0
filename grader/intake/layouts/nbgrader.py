"""nbgrader's `submitted/<student>/<assignment>/`, each with an optional `timestamp.txt`.

What is named may be `submitted` itself, or the course's folder, of which nothing else is looked at.
"""

from __future__ import annotations

from collections import defaultdict

from grader.intake.layouts.reading import Claim, Handed, Part, Reading, Tree, nobodys, small
from grader.intake.layouts.several import one_assignment
from grader.intake.listing import File
from grader.intake.names import SUBMITTED, shown
from grader.intake.times import parse
from grader.model.intake import Moment
from grader.model.submission import Message

_TIMESTAMP = "timestamp.txt"


def read(tree: Tree) -> Reading | None:
    """The reading, if there is a folder `submitted`, or a timestamp where nbgrader has one.

    Raises:
        IntakeError: `intake.error-assignment`, for several assignments of which none is named.
    """
    below = [file.below(1) for file in tree.files if file.parts[0] == SUBMITTED and file.parts[1:]]
    files = below or list(tree.files)
    deep = [file for file in files if len(file.parts) >= 3]
    stamped = sum(file.parts[2:] == (_TIMESTAMP,) for file in deep)
    if not deep or not (below or stamped or tree.name == SUBMITTED):
        return None
    assignment = one_assignment({file.parts[1] for file in deep}, tree.assignment)
    matched: dict[str, list[File]] = defaultdict(list)
    for file in deep:
        if file.parts[1] == assignment:
            matched[file.parts[0]].append(file)
    params: dict[str, str | int | float] = {
        "assignment": assignment, "count": len(matched), "stamped": stamped,
    }  # fmt: skip
    conflicts: list[Message] = []
    handed = tuple(_handed(who, found, conflicts) for who, found in sorted(matched.items()))
    rest = [file for file in files if len(file.parts) < 3]
    return Reading(
        "nbgrader",
        (Message("intake.by-nbgrader", params),),
        handed,
        nobodys(rest),
        tuple(conflicts),
        ignored=len(tree.files) - len(files) + sum(file.parts[1] != assignment for file in deep),
    )


def _handed(student: str, files: list[File], conflicts: list[Message]) -> Handed:
    stamp = next((file for file in files if file.parts[2:] == (_TIMESTAMP,)), None)
    submitted = None
    if stamp is not None:
        text = (small(stamp, 1000) or b"").decode("utf-8-sig", "replace").strip()
        if time := parse(text):
            submitted = Moment(time, "timestamp")
        else:
            found = {"path": stamp.path, "found": shown(text, 60)}
            conflicts.append(Message("intake.unreadable-time", found))
    place = "/".join((*files[0].within, student))
    claim = Claim(key=student, source="folder", place=place, said=student, id=student)
    parts = tuple(Part(file.parts[2:], file) for file in files if file is not stamp)
    return Handed((claim,), parts, submitted)
