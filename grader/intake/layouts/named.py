"""Files and folders that are named after students: what is no platform's download."""

from __future__ import annotations

import re
from collections import defaultdict

from grader.intake.layouts.reading import Claim, Handed, Part, Reading, Tree, has_cells, nobodys
from grader.intake.listing import File
from grader.intake.names import is_notebook, said
from grader.model.intake import Kind, Refusal
from grader.model.submission import Message

_COPY = re.compile(r"\s*\((\d{1,4})\)$")  # what browsers and file managers put behind a second one


def read(tree: Tree) -> Reading:
    """Whatever lies at the top is one student's: a notebook, a script, an archive, or a folder.

    Other files at the top are nobody's.
    """
    single: list[File] = []
    folders: dict[str, list[File]] = defaultdict(list)
    rest = []
    for file in tree.files:
        if len(file.parts) > 1:
            folders[file.parts[0]].append(file)
        elif is_notebook(name := file.parts[0]) or name.lower().endswith(".zip") or has_cells(file):
            single.append(file)
        else:
            rest.append(file)
    handed = [_file(file) for file in single]
    handed += [_folder(name, files) for name, files in sorted(folders.items())]
    evidence = []
    if single:
        evidence.append(Message("intake.by-files", {"count": len(single)}))
    if folders:
        evidence.append(Message("intake.by-folders", {"count": len(folders)}))
    kind: Kind = "folders" if folders else "flat"
    conflicts = []
    first: dict[str, str] = {}
    for claim in (one.claims[0] for one in handed):
        if (place := first.setdefault(claim.key, claim.place)) != claim.place:
            same = {"student": claim.key, "one": place, "other": claim.place}
            conflicts.append(Message("intake.joined", same))
    scripts = [file for file in rest if file.parts[0].lower().endswith(".py")]
    refused = nobodys([file for file in rest if file not in scripts])
    refused += tuple(Refusal(file.path, Message("intake.no-cells")) for file in scripts)
    return Reading(kind, tuple(evidence), tuple(handed), refused, tuple(conflicts))


def stem(name: str) -> tuple[str, int]:
    """A file's name without its ending and without `(2)`, and that number (0 for none)."""
    name = said(name)
    bare = name.rpartition(".")[0] or name
    copy = _COPY.search(bare)
    return (bare[: copy.start()], int(copy[1])) if copy and copy.start() else (bare, 0)


def _file(file: File) -> Handed:
    who, copy = stem(file.parts[0])
    claim = Claim(key=who, source="file", place=file.path, said=who, id=who)
    return Handed((claim,), (Part(file.parts, file, copy),))


def _folder(name: str, files: list[File]) -> Handed:
    place = "/".join((*files[0].within, name))
    claim = Claim(key=name, source="folder", place=place, said=name, id=name)
    return Handed((claim,), tuple(Part(file.parts[1:], file) for file in files))
