"""What the references answered is kept beside the capture."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column."""
    op.add_column("capture", sa.Column("answers", sa.LargeBinary(), nullable=True))
