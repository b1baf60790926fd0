"""How Alembic runs here: on `grader.gradebook.migrate`'s connection, in its transaction."""

from __future__ import annotations

from alembic import context

from grader.gradebook.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,  # SQLite's too, since its transactions begin where we say
)
context.run_migrations()
