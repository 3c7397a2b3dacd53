"""Adds an index for what all sources listed on a day."""

from alembic.operations import Operations

revision = "0011"
down_revision = "0010"


def upgrade(tables: Operations) -> None:
    """Create the index on `sighting`; no row is changed."""
    tables.create_index("ix_sighting_day_source_paper", "sighting", ["day", "source", "paper"])
