"""Adds the counts by which processes that share a server keep the rate limits of others together."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0016"
down_revision = "0015"


def upgrade(tables: Operations) -> None:
    """Create `rate_limit` on a server; a file has one process, which counts in its memory.

    It is not logged, because nothing in it is worth more than a few seconds: a server that was killed begins with empty
    counts. Half of each page is left free, so that a row is changed where it is and leaves nothing to vacuum.
    """
    if tables.get_bind().dialect.name != "postgresql":
        return
    instant = sa.DateTime(timezone=True)
    tables.create_table(
        "rate_limit",
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("free_at", instant, nullable=False),
        sa.Column("held_until", instant, nullable=False, server_default="epoch"),
        sa.Column("in_use", sa.ARRAY(instant), nullable=False, server_default="{}"),
        sa.PrimaryKeyConstraint("key", name="pk_rate_limit"),
        prefixes=["UNLOGGED"],
        postgresql_with={"fillfactor": 50},
    )
