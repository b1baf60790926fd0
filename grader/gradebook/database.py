"""Where a gradebook lies, and how it is read and written: SQLite by default, PostgreSQL by URL.

One writer at a time in both, so that the same things happen in both: SQLite's writers begin
`IMMEDIATE`ly, PostgreSQL's take one advisory lock. A reader sees one moment from beginning to end.
A commit is on the disk when it returns (`synchronous=FULL`): power may go at any time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from grader.errors import CallError, MachineError

BUSY_SECONDS = 60
_LOCK = 0x67726164  # "grad": one number for all writers of a database
_PRAGMAS = (
    f"busy_timeout = {BUSY_SECONDS * 1000}",  # first: changing the journal's mode may wait too
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what is removed is overwritten
)


class Database:
    """An open database; `name` is what messages call it, without a password."""

    def __init__(self, where: str | Path, *, create: bool) -> None:
        self._url = _url(where)
        self.sqlite = self._url.get_backend_name() == "sqlite"
        self.name = str(self._url.database) if self.sqlite else str(self._url)
        if self.sqlite:
            _prepare(Path(self.name), create)
        self.engine = _engine(self._url)
        if self.sqlite:
            event.listen(self.engine, "connect", _connected)
        event.listen(self.engine, "begin", _begin)
        snapshot: dict[str, Any] = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        self._readers = self.engine.execution_options(reading=True, **snapshot)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One moment of the book, for reading.

        Raises:
            CallError, MachineError: the database cannot be read.
        """
        with self._said(), Session(self._readers, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, committed at the end, or nothing.

        Raises:
            CallError, MachineError: the database cannot be written.
        """
        with self._said(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection in a writing transaction, for migrations."""
        with self._said(), self.engine.begin() as connection:
            yield connection

    def scrub(self) -> None:
        """Rewrite the database without what was deleted, in free pages and logs too.

        Raises:
            MachineError: other programs that have it open do not let it.
        """
        raw = self.engine.raw_connection()
        driver: Any = raw.driver_connection
        try:
            if self.sqlite:
                driver.execute("VACUUM")
                blocked = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            else:
                driver.autocommit = True
                driver.execute("VACUUM FULL")
                driver.execute("CHECKPOINT")
                blocked = 0
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise MachineError(self._unscrubbed(str(error))) from error
        finally:
            raw.invalidate()
        if blocked:
            raise MachineError(self._unscrubbed("another program reads it"))

    def _unscrubbed(self, why: str) -> str:
        return (
            f"{self.name}: what was removed is gone from every table, but free pages may still "
            f"hold it ({why.strip()}). Close what has the gradebook open, then call "
            "`grader gradebook scrub`."
        )

    @contextmanager
    def _said(self) -> Iterator[None]:
        """The database's errors in words."""
        try:
            yield
        except DBAPIError as error:
            raise self._words(error) from error

    def _words(self, error: DBAPIError) -> CallError | MachineError:
        said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        if isinstance(error.orig, sqlite3.DatabaseError):
            code = error.orig.sqlite_errorcode & 0xFF
            if code == sqlite3.SQLITE_NOTADB:
                return CallError(
                    f"{self.name}: expected a gradebook (an SQLite file), found another kind of "
                    "file. Name the gradebook that a batch wrote."
                )
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                return MachineError(
                    f"{self.name}: another program has been writing for {BUSY_SECONDS} s. "
                    "Wait until it has ended, and call again; nothing was lost."
                )
            if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
                return CallError(
                    f"{self.name}: expected a file and a folder that can be written, found: "
                    f"{said}. Check their owner and permissions."
                )
        return MachineError(
            f"{self.name}: the database answered: {said}. Nothing was written; "
            "call again when it is mended."
        )


def _url(where: str | Path) -> URL:
    text = str(where)
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).absolute()))
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        shown = text.rpartition("@")[2]  # without a password
        raise CallError(f"cannot read the gradebook's address {shown!r}") from error
    if backend in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return url
    raise CallError(
        f"{url}: expected a file or an address that begins with postgresql://, found {backend}://"
    )


def _prepare(path: Path, create: bool) -> None:
    """See that a file is there, or may be made; a new one is for its owner only."""
    if path.is_dir():
        raise CallError(f"{path}: expected a gradebook's file, found a folder")
    if path.exists():
        return
    if not create:
        raise CallError(
            f"{path}: no such gradebook. Check the path; `grader batch` and "
            "`grader gradebook import-data` make one."
        )
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise CallError(f"cannot make the gradebook {path}: {error.strerror}") from error


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise MachineError(
            "PostgreSQL needs a driver that is not installed: pip install 'grader[postgresql]'"
        ) from error


def _connected(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says, and only there
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
    elif not reading:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
