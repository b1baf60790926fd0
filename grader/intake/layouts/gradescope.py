"""Gradescope's export of submissions.

`assignment_<id>_export/submission_metadata.yml` beside one folder (or file) a submission. The YAML
maps its name to `:submitters` (each `:name`, `:sid`, `:email`; several for a group) and
`:created_at`, with the colons that Ruby's symbols have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from grader.intake.layouts.reading import Claim, Handed, Part, Reading, Tree, nobodys, small
from grader.intake.listing import File
from grader.intake.names import shown
from grader.intake.times import parse
from grader.model.intake import Moment
from grader.model.submission import Message

_METADATA = "submission_metadata.yml"
_DEEPEST = 20  # levels; Gradescope's own has six
_LARGEST = 50_000_000  # bytes: it has the autograder's whole output too
# Everything is text to it: a student number of `0123` would else be 83.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read(tree: Tree) -> Reading | None:
    """The reading, if the metadata lies at the top."""
    described = next((file for file in tree.files if file.parts == (_METADATA,)), None)
    if described is None:
        return None
    records = _records(described)
    conflicts = []
    if records is None:
        records = {}
        conflicts.append(Message("intake.unreadable-metadata", {"path": described.path}))
    matched: dict[str, list[File]] = defaultdict(list)
    rest = []
    for file in tree.files:
        if len(file.parts) > 1 or file.parts[0] in records:
            matched[file.parts[0]].append(file)
        elif file is not described:
            rest.append(file)
    handed = []
    for key in sorted(matched.keys() | records.keys()):
        record = records.get(key)
        if record is None and records:
            conflicts.append(Message("intake.not-in-metadata", {"path": key}))
        handed.append(_handed(key, record or {}, matched.get(key, []), described.path))
    evidence = Message("intake.by-gradescope", {"count": len(records)})
    return Reading("gradescope", (evidence,), tuple(handed), nobodys(rest), tuple(conflicts))


def _records(file: File) -> dict[str, Mapping[str, Any]] | None:
    data = small(file, _LARGEST)
    if data is None:
        return None
    try:
        if not _flat(data):
            return None
        loaded = yaml.load(data, Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(loaded, dict):
        return None
    return {
        key: value
        for key, value in loaded.items()
        if isinstance(key, str) and isinstance(value, dict)
    }


def _flat(data: bytes) -> bool:
    """Whether it can be built: libyaml's composer calls itself for each level, down to a crash."""
    depth = 0
    for event in yaml.parse(data, Loader=_LOADER):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > _DEEPEST:
            return False
    return True


def _handed(key: str, record: Mapping[str, Any], files: list[File], place: str) -> Handed:
    claims = tuple(_claims(record, place))
    if not claims:
        claims = (Claim(key=key, source="folder", place=key, said="", id=key),)
    time = parse(record.get(":created_at"))
    return Handed(
        claims,
        tuple(Part(file.parts[1:] or file.parts, file) for file in files),
        Moment(time, "gradescope") if time else None,
    )


def _claims(record: Mapping[str, Any], place: str) -> Iterator[Claim]:
    submitters = record.get(":submitters")
    for person in submitters if isinstance(submitters, list) else []:
        if not isinstance(person, dict):
            continue
        name, sid, email = (
            shown(value) if isinstance(value := person.get(field), str) else ""
            for field in (":name", ":sid", ":email")
        )
        if key := email or sid or name:
            yield Claim(
                key=key,
                source="gradescope",
                place=place,
                said=name,
                id=sid or email or name,
                name=name or None,
                email=email or None,
            )
