"""Opening: made, brought up to date, or refused with a reason."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import grader.gradebook
from grader.errors import CallError, MachineError
from grader.gradebook import Gradebook, migrate
from grader.gradebook.database import Database
from grader.gradebook.tables import Base

from .samples import HALF, LI, give

MIGRATIONS = Path(grader.gradebook.__file__).parent / "migrations"


def test_a_migrated_book_has_the_tables_that_the_code_writes(book: Gradebook) -> None:
    with book._database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_newest_migration_is_the_one_that_the_code_wants() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == migrate.FORM


def test_a_book_is_kept_between_sessions(place) -> None:
    where = place()
    with Gradebook(where, create=True) as book:
        give(book, LI, HALF)
    with Gradebook(where) as book:
        assert [grade.student.key for grade in book.grades("autograd")] == ["li.wei"]


def test_a_book_of_a_newer_grader_is_refused(place) -> None:
    where = place()
    with Gradebook(where, create=True) as book, book._database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CallError, match=r"written by a newer grader \(form 9999; .*--upgrade"):
        Gradebook(where)


def test_a_database_of_something_else_is_refused(place) -> None:
    where = place()
    with Gradebook(where, create=True) as book, book._database.writing() as session:
        session.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(CallError, match="expected a gradebook, found a database of something else"):
        Gradebook(where, create=True)


def test_an_empty_database_is_not_made_into_a_book_unasked(place) -> None:
    where = place()
    if "://" not in where:
        Path(where).touch()
    with pytest.raises(CallError, match="expected a gradebook, found an empty database"):
        Gradebook(where)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("student,score\n" * 100)
    with pytest.raises(CallError, match=r"grades.csv: expected a gradebook \(an SQLite file\)"):
        Gradebook(path, create=True)
    assert path.read_text() == "student,score\n" * 100


def test_a_book_that_is_not_there_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"book.db: no such gradebook"):
        Gradebook(tmp_path / "book.db")
    with pytest.raises(CallError, match="found a folder"):
        Gradebook(tmp_path, create=True)
    with pytest.raises(CallError, match="cannot make the gradebook"):
        Gradebook(tmp_path / "no" / "book.db", create=True)
    assert list(tmp_path.iterdir()) == []


def test_a_new_book_is_for_its_owner_only(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "book.db", create=True) as book:
        give(book, LI, HALF)
        for path in tmp_path.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_book_is_written_so_that_power_may_go(tmp_path: Path) -> None:
    with (
        Gradebook(tmp_path / "book.db", create=True) as book,
        book._database.engine.connect() as connection,
    ):
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("mysql://root:secret@host/book", "expected a file or an address"),
        ("sqlite://", "expected a file or an address"),
        ("postgresql://u:secret@host:port/book", "cannot read the gradebook's address"),
    ],
)
def test_an_address_that_cannot_work_is_refused_without_its_password(where, said) -> None:
    with pytest.raises(CallError, match=said) as caught:
        Gradebook(where)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(MachineError, match="the database answered") as caught:
        Gradebook(f"postgresql://u:secret@/book?host={tmp_path}")
    assert "secret" not in str(caught.value)


def test_a_book_that_somebody_writes_to_for_long_says_so(tmp_path: Path, monkeypatch) -> None:
    from grader.gradebook import database

    monkeypatch.setattr(database, "_PRAGMAS", ("busy_timeout = 1", *database._PRAGMAS[1:]))
    path = tmp_path / "book.db"
    with Gradebook(path, create=True) as book:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(MachineError, match="another program has been writing"):
            book.enrol([LI])
        other.execute("ROLLBACK")
        other.close()
        book.enrol([LI])


def test_a_book_of_the_first_form_is_brought_up(place) -> None:
    where = place()
    database = Database(where, create=True)
    with database.connected() as connection:
        config = migrate._config(str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    database.close()
    with Gradebook(where) as book:
        attempt = give(book, LI, HALF)
        seen = book.observed(attempt.submission)
        assert seen is not None
        assert seen.answers == ()
