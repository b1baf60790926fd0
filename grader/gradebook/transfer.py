"""A whole gradebook as files that need no grader to be read, and back.

    manifest.json          {"gradebook": 1, "grader", "rows": {table: how many}}
    <table>.jsonl          one row a line: the columns of `grader.gradebook.tables` by name, in the
                           order of their primary keys; columns of JSON data as such, times in
                           ISO 8601; bytes as {"file": SHA-256}
    files/<SHA-256>        those bytes: notebooks and companions as they were handed in, captures

A column that may be null may be missing: earlier versions did not have it.
The numbers in `id` columns hold the rows together. An import takes a folder whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, func, insert, select, text
from sqlalchemy.orm import Session

import grader
from grader.errors import CallError
from grader.gradebook.columns import Moment, Packed, written
from grader.gradebook.tables import Base

FORMAT = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")


def write(session: Session, folder: Path) -> dict[str, int]:
    """Write everything into a new `folder`.

    Returns:
        How many rows of what.

    Raises:
        CallError: the folder is there already, or cannot be written.
    """
    if folder.exists():
        raise CallError(f"{folder}: expected a name that is free, found something there")
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            counts = _write(session, part)
            part.rename(folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as error:
        raise CallError(f"cannot write {folder}: {error.strerror or error}") from error
    return counts


def _write(session: Session, folder: Path) -> dict[str, int]:
    (folder / "files").mkdir()
    counts = {}
    for table in Base.metadata.sorted_tables:
        with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
            counts[table.name] = 0
            for row in _rows(session, table):
                plain = {c.name: _plain(c, row[c.name], folder) for c in table.columns}
                file.write(json.dumps(plain, ensure_ascii=False) + "\n")
                counts[table.name] += 1
    manifest = {"gradebook": FORMAT, "grader": grader.__version__, "rows": counts}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return counts


def _rows(session: Session, table: Table) -> Iterator[dict[str, Any]]:
    """Rows in the same order in every database: numbers are sorted there, texts here."""
    keys = list(table.primary_key.columns)
    if any(column.type.python_type is str for column in keys):
        found = session.execute(select(table)).mappings().all()
        found = sorted(found, key=lambda row: tuple(row[column.name] for column in keys))
        yield from map(dict, found)
        return
    query = select(table).order_by(*keys).execution_options(yield_per=50)
    yield from map(dict, session.execute(query).mappings())


def _plain(column: Column[Any], value: Any, folder: Path) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Packed):
        digest = hashlib.sha256(value).hexdigest()
        path = folder / "files" / digest
        if not path.exists():
            path.write_bytes(value)
        return {"file": digest}
    return written(value) if isinstance(column.type, Moment) else value


def read(session: Session, folder: Path, name: str) -> dict[str, int]:
    """Read what `write` wrote into an empty book.

    Returns:
        How many rows of what.

    Raises:
        CallError: the book is not empty; or names the file and line that are not as expected.
    """
    tables = Base.metadata.sorted_tables
    for table in tables:
        if session.scalar(select(func.count()).select_from(table)):
            raise CallError(f"{name}: expected an empty gradebook, found rows in {table.name}")
    expected = _manifest(folder)
    for table in tables:
        lines = _lines(folder, table)
        count = 0
        while rows := list(islice(lines, 50)):
            session.execute(insert(table), rows)
            count += len(rows)
        if count != expected.get(table.name):
            raise CallError(
                f"{folder / table.name}.jsonl: expected {expected.get(table.name)} lines, as "
                f"manifest.json says, found {count}. The export is not whole; make it again."
            )
        _continue(session, table)
    return {table.name: expected[table.name] for table in tables}


def _manifest(folder: Path) -> dict[str, int]:
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CallError(f"{path}: expected what `export-data` wrote, found {error}") from error
    found = manifest.get("gradebook") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise CallError(
            f"{path}: gradebook: expected {FORMAT}, found {found!r}. "
            "Import with the version of the grader that wrote it, or a later one."
        )
    return dict(manifest["rows"])


def _lines(folder: Path, table: Table) -> Iterator[dict[str, Any]]:
    path = folder / f"{table.name}.jsonl"
    names = {column.name for column in table.columns}
    later = {column.name for column in table.columns if column.nullable}
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                row = json.loads(line)
                if not isinstance(row, dict) or not names - later <= set(row) <= names:
                    raise CallError(
                        f"{path}, line {number}: expected the keys {', '.join(sorted(names))}, "
                        f"found {', '.join(sorted(row)) if isinstance(row, dict) else row}"
                    )
                yield {c.name: _stored(c, row.get(c.name), folder) for c in table.columns}
    except (OSError, ValueError) as error:
        raise CallError(f"{path}: expected one JSON object a line, found: {error}") from error


def _stored(column: Column[Any], value: Any, folder: Path) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Moment):
        return datetime.fromisoformat(value)
    if not isinstance(column.type, Packed):
        return value
    digest = value.get("file", "") if isinstance(value, dict) else ""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"{column.name}: no SHA-256: {value}")
    data = (folder / "files" / digest).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise CallError(f"{folder}/files/{digest}: the content is not what its name says")
    return data


def _continue(session: Session, table: Table) -> None:
    """Let PostgreSQL number further rows after those that were read."""
    if session.get_bind().dialect.name == "postgresql" and "id" in table.columns:
        session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                f"GREATEST((SELECT MAX(id) FROM {table.name}), 1))"
            )
        )
