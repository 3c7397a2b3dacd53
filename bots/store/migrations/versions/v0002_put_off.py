"""Lets a run be put off until an instant, and records which of its sources failed."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0002"
down_revision = "0001"


def upgrade(tables: Operations) -> None:
    """Add both columns; existing runs are not put off and have no known missing source."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    with tables.batch_alter_table("digest_run") as run:
        run.add_column(sa.Column("not_before", sa.DateTime(timezone=True)))
        run.add_column(sa.Column("missing", text, nullable=False, server_default=""))
