"""Brings a database to the form that this version of the grader writes.

The migrations are Alembic's and ship in the package. `FORM` is the newest one; where a database
already has it, Alembic is not even imported.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

import grader
from grader.errors import CallError
from grader.gradebook.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

FORM = "0002"


def migrate(database: Database, *, create: bool) -> None:
    """Bring `database` to `FORM`, in one transaction.

    Raises:
        CallError: it is newer than this grader, holds something else, or is empty and not to be
            made.
    """
    with database.reading() as session:
        if _form(session.connection(), database.name) == FORM:
            return
    with database.connected() as connection:  # another process may have been faster
        found = _form(connection, database.name)
        if found is None and not create:
            raise CallError(f"{database.name}: expected a gradebook, found an empty database")
        if found != FORM:
            _upgrade(connection, found, database.name)


def _form(connection: Connection, name: str) -> str | None:
    """The form of what is there; None for an empty database."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise CallError(
            f"{name}: expected a gradebook, found a database of something else "
            f"(its tables: {', '.join(sorted(tables)[:5])}). Name another file or database."
        )
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, found: str | None, name: str) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    with as_file(files("grader.gradebook") / "migrations") as folder:
        config = _config(str(folder))
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise CallError(
                f"{name}: written by a newer grader (form {found}; version {grader.__version__} "
                f"knows up to {FORM}). Install the newer version: pip install --upgrade grader"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, FORM)


def _config(folder: str) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
