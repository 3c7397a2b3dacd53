"""Adds tables for what people said of papers, and for the vectors of public papers."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0007"
down_revision = "0006"


def upgrade(tables: Operations) -> None:
    """Create both tables. What was hidden before stays hidden; the ranking learns from what is said from now on."""
    tenant = sa.ForeignKey("tenant.id", name="fk_feedback_tenant_id")
    tables.create_table(
        "feedback",
        sa.Column("tenant_id", sa.Integer(), tenant, nullable=False),
        _needed("channel", _text()),
        _needed("paper", _text()),
        _needed("user", _text()),
        _needed("sign", _text()),
        _needed("at", sa.DateTime(timezone=True)),
        _needed("body", sa.JSON()),
        sa.PrimaryKeyConstraint("tenant_id", "channel", "paper", "user", "sign", name="pk_feedback"),
    )
    tables.create_table(
        "vector_cache",
        _needed("key", _text()),
        _needed("created", sa.DateTime(timezone=True)),
        _needed("vector", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("key", name="pk_vector_cache"),
    )


def _text() -> "sa.types.TypeEngine[str]":
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _needed(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)
