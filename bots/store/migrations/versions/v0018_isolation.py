"""Marks a Postgres database as one with row-level policies: an older program would see no row in it."""

from alembic.operations import Operations

revision = "0018"
down_revision = "0017"


def upgrade(tables: Operations) -> None:
    """Change nothing: the policies of all tables are made after the last step (`bots.store.isolation`)."""
