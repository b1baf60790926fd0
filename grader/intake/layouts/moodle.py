"""Moodle's download of all submissions.

Folders named `<Full name>_<number>_assignsubmission_file`, in older versions with `_` at the end;
without folders, files with that before their names. `…_onlinetext` is what was typed in. The number
is the participant's in this assignment; where marking is blind, the name is `Participant`.
"""

from __future__ import annotations

import re
from collections import defaultdict

from grader.intake.layouts.reading import Claim, Handed, Part, Reading, Tree, nobodys
from grader.intake.listing import File
from grader.model.submission import Message

_NAME = re.compile(
    r"(?P<who>.+?)_(?P<number>\d+)_assignsubmission_(?P<plugin>file|onlinetext)(?:_(?P<rest>.*))?"
)
_NOBODY = {"participant", "участник", "参与者", "参加者"}


def read(tree: Tree) -> Reading | None:
    """The reading, if there is such a name; what has none is refused."""
    matched: dict[str, list[Part]] = defaultdict(list)
    claims: dict[str, Claim] = {}
    rest = []
    for file in tree.files:
        found = _NAME.fullmatch(file.parts[0])
        inside = file.parts[1:] or (found["rest"],) if found else ()
        if found is None or not inside[0]:
            rest.append(file)
            continue
        number = found["number"]
        matched[number].append(Part(inside, file))
        if number not in claims:
            claims[number] = _claim(found["who"], number, file)
    if not matched:
        return None
    evidence = Message("intake.by-moodle", {"count": len(matched)})
    handed = tuple(Handed((claims[key],), tuple(parts)) for key, parts in sorted(matched.items()))
    return Reading("moodle", (evidence,), handed, nobodys(rest))


def _claim(who: str, number: str, file: File) -> Claim:
    named = who.casefold() not in _NOBODY
    folder = len(file.parts) > 1
    return Claim(
        key=number,
        source="folder" if folder else "file",
        place="/".join((*file.within, file.parts[0])),
        said=who if named else "",
        id=None if named else f"{who} {number}",
        name=who if named else None,
        numbers={"moodle": number},
    )
