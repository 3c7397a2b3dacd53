"""Adds tables for people's papers, one-time events and installations."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0003"
down_revision = "0002"


def upgrade(tables: Operations) -> None:
    """Create the new tables; two tables that were never written to are created again."""
    tables.drop_table("installation")
    tables.drop_table("quota_counter")
    _workspaces(tables)
    _people(tables)
    tables.create_table(
        "event",
        _needed("kind", _text()),
        _needed("key", _text()),
        _instant("at"),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_event"),
    )
    tables.create_index("ix_event_at", "event", ["at"])


def _workspaces(tables: Operations) -> None:
    tables.create_table(
        "installation",
        _tenant_id("installation"),
        _needed("sealed", sa.LargeBinary()),
        _needed("key_id", _text()),
        _needed("enterprise", sa.Boolean()),
        _needed("bot_user", _text()),
        _needed("scopes", sa.JSON()),
        _needed("installed_by", _text()),
        _instant("installed_at"),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_installation"),
    )
    tables.create_table(
        "quota_counter",
        _tenant_id("quota_counter"),
        _needed("user", _text()),
        _needed("day", sa.Date()),
        _needed("kind", _text()),
        _needed("used", sa.Integer()),
        sa.PrimaryKeyConstraint("tenant_id", "user", "day", "kind", name="pk_quota_counter"),
    )


def _people(tables: Operations) -> None:
    tables.create_table(
        "saved_paper",
        _tenant_id("saved_paper"),
        _needed("user", _text()),
        _needed("paper", _text()),
        _instant("saved_at"),
        _needed("title_words", _text()),
        _needed("abstract_words", _text()),
        _needed("body", sa.JSON()),
        sa.PrimaryKeyConstraint("tenant_id", "user", "paper", name="pk_saved_paper"),
    )
    tables.create_table(
        "turned_down",
        _tenant_id("turned_down"),
        _needed("channel", _text()),
        _needed("paper", _text()),
        _needed("user", _text()),
        _instant("at"),
        sa.PrimaryKeyConstraint("tenant_id", "channel", "paper", "user", name="pk_turned_down"),
    )


def _text() -> "sa.types.TypeEngine[str]":
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _needed(name: str, kind: "sa.types.TypeEngine[Any]") -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _instant(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _tenant_id(table: str) -> "sa.Column[int]":
    owner = sa.ForeignKey("tenant.id", name=f"fk_{table}_tenant_id")
    return sa.Column("tenant_id", sa.Integer(), owner, nullable=False)
