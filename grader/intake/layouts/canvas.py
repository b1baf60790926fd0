"""Canvas's download of all submissions.

Files named `<name>[_LATE]_<user>_<file>_<name of the file>`; where marking is anonymous,
`[LATE_]anon_<id>_<file>_…`; `…_text.html` and `…_link.html` for what was typed in. The name is the
sortable one ("Li, Wei"), in lower case and without anything but letters, digits and underscores
(`lib/content_zipper.rb` of canvas-lms). Only each student's last submission is in it.
"""

from __future__ import annotations

import re
from collections import defaultdict

from grader.intake.layouts.reading import Claim, Handed, Part, Reading, Tree, nobodys
from grader.intake.listing import File
from grader.model.submission import Message

_FILE = re.compile(
    r"(?:(?P<name>.+?)_)?(?P<late>LATE_|late_)?(?P<user>\d+)_(?:(?P<file>\d+)_(?P<rest>.+)"
    r"|(?P<typed>(?:text|link)\.html))"
)
_ANONYMOUS = re.compile(
    r"(?P<late>LATE_|late_)?anon_(?P<user>\w{4,12}?)_(?:(?P<file>\d+)_(?P<rest>.+)"
    r"|(?P<typed>(?:text|link)\.html))"
)


def read(tree: Tree) -> Reading | None:
    """The reading, if more than half of the files have Canvas's names and none lies in a folder."""
    matched: dict[str, list[tuple[File, re.Match[str]]]] = defaultdict(list)
    rest = []
    for file in tree.files:
        found = _match(file.parts[0]) if len(file.parts) == 1 else None
        if found is None:
            rest.append(file)
        else:
            matched[found["user"]].append((file, found))
    count = sum(map(len, matched.values()))
    if count <= len(rest):
        return None
    params = {"count": count, "total": len(tree.files)}
    return Reading(
        kind="canvas",
        evidence=(Message("intake.by-canvas", params),),
        handed=tuple(_handed(user, files) for user, files in sorted(matched.items())),
        refused=nobodys(rest),
    )


def _match(name: str) -> re.Match[str] | None:
    found = _ANONYMOUS.fullmatch(name) or _FILE.fullmatch(name)
    return found if found and (found.re is _ANONYMOUS or found["name"]) else None


def _handed(user: str, files: list[tuple[File, re.Match[str]]]) -> Handed:
    file, first = files[0]
    known = first.re is _FILE
    claim = Claim(
        key=user,
        source="file",
        place=file.path,
        said=first["name"] if known else "",
        id=None if known else f"anon_{user}",
        name=first["name"] if known else None,
        numbers={"canvas": user} if known else {},
    )
    parts = tuple(
        Part((found["rest"] or found["typed"],), file, int((found["file"] or "0")[:18]))
        for file, found in files
    )
    return Handed((claim,), parts, late=any(found["late"] for _, found in files))
