"""Adds the pieces of work that one process at a time may do."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0019"
down_revision = "0016"


def upgrade(tables: Operations) -> None:
    """Create `work_lease`; a lease is over when its time is."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    tables.create_table(
        "work_lease",
        sa.Column("name", text, nullable=False),
        sa.Column("holder", text, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_work_lease"),
    )
    tables.create_index("ix_work_lease_until", "work_lease", ["until"])
