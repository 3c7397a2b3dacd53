"""Lets processes agree on who has what, such as a shard of Discord's gateway."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0017"
down_revision = "0016"


def upgrade(tables: Operations) -> None:
    """Create `lease`."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    tables.create_table(
        "lease",
        sa.Column("kind", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("holder", text, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", text, nullable=False),
        sa.Column("process", text),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_lease"),
    )
