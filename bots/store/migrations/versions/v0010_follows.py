"""Adds what people follow, who agreed to be mentioned, and of how many papers a statement was."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0010"
down_revision = "0009"


def upgrade(tables: Operations) -> None:
    """Create both tables, and add what reactions need: a statement's number of papers, and a message's index."""
    tables.create_table(
        "follow",
        sa.Column("tenant_id", sa.Integer(), _tenant("follow"), nullable=False),
        _needed("channel", _text()),
        _needed("user", _text()),
        _needed("kind", _text()),
        _needed("key", _text()),
        _needed("text", _text()),
        _needed("at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "channel", "user", "kind", "key", name="pk_follow"),
    )
    tables.create_table(
        "consent",
        sa.Column("tenant_id", sa.Integer(), _tenant("consent"), nullable=False),
        _needed("channel", _text()),
        _needed("user", _text()),
        _needed("home", _text()),
        _needed("at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "channel", "user", name="pk_consent"),
    )
    tables.add_column("feedback", sa.Column("among", sa.Integer(), nullable=False, server_default="1"))
    tables.create_index("ix_delivery_message_id", "delivery", ["message_id"])


def _tenant(table: str) -> sa.ForeignKey:
    return sa.ForeignKey("tenant.id", name=f"fk_{table}_tenant_id")


def _text() -> "sa.types.TypeEngine[str]":
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _needed(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)
