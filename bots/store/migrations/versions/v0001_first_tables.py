"""Creates the tables of the first release."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0001"
down_revision = None


def upgrade(tables: Operations) -> None:
    """Create every table."""
    _tenants(tables)
    _ledger(tables)
    _shelf(tables)
    _accounts(tables)


def _text() -> "sa.types.TypeEngine[str]":
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _needed(name: str, kind: "sa.types.TypeEngine[Any]") -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _instant(name: str, *, nullable: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _tenant_id(table: str) -> "sa.Column[int]":
    owner = sa.ForeignKey("tenant.id", name=f"fk_{table}_tenant_id")
    return sa.Column("tenant_id", sa.Integer(), owner, nullable=False)


def _tenants(tables: Operations) -> None:
    tables.create_table(
        "tenant",
        _needed("id", sa.Integer()),
        _needed("platform", _text()),
        _needed("workspace", _text()),
        _needed("status", _text()),
        _instant("deleted_at"),
        sa.PrimaryKeyConstraint("id", name="pk_tenant"),
        sa.UniqueConstraint("platform", "workspace", name="uq_tenant_platform_workspace"),
    )
    tables.create_table(
        "installation",
        _tenant_id("installation"),
        _needed("enc_bot_token", sa.LargeBinary()),
        _needed("key_id", _text()),
        _needed("scopes", sa.JSON()),
        _needed("installed_by", _text()),
        _instant("installed_at", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_installation"),
    )
    tables.create_table(
        "schedule",
        _needed("id", _text()),
        _tenant_id("schedule"),
        _needed("channel", _text()),
        _needed("enabled", sa.Boolean()),
        _needed("ended", sa.Boolean()),
        _instant("created"),
        _needed("body", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_schedule"),
    )
    tables.create_index("ix_schedule_tenant_id_channel", "schedule", ["tenant_id", "channel"])


def _ledger(tables: Operations) -> None:
    tables.create_table(
        "digest_run",
        _needed("key", _text()),
        _tenant_id("digest_run"),
        _needed("schedule_id", _text()),
        _needed("slot_day", sa.Date()),
        _needed("slot_time", sa.Time()),
        _needed("state", _text()),
        _instant("created", nullable=False),
        _instant("started"),
        _instant("finished"),
        _needed("note", _text()),
        sa.PrimaryKeyConstraint("key", name="pk_digest_run"),
    )
    slots = ["schedule_id", "slot_day", "slot_time"]
    tables.create_index("ix_digest_run_schedule_id_slot_day_slot_time", "digest_run", slots)
    tables.create_index("ix_digest_run_state_created", "digest_run", ["state", "created"])
    _parts(tables)
    tables.create_table(
        "posted_paper",
        _tenant_id("posted_paper"),
        _needed("channel", _text()),
        _needed("paper", _text()),
        _needed("delivery_key", _text()),
        _instant("posted_at", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "channel", "paper", name="pk_posted_paper"),
        sa.ForeignKeyConstraint(["delivery_key"], ["delivery.key"], name="fk_posted_paper_delivery_key"),
    )


def _parts(tables: Operations) -> None:
    tables.create_table(
        "delivery",
        _needed("key", _text()),
        _needed("run_key", _text()),
        _tenant_id("delivery"),
        _needed("channel", _text()),
        _needed("number", sa.Integer()),
        _needed("total", sa.Integer()),
        _needed("payload", sa.JSON()),
        _needed("paper_ids", sa.JSON()),
        _needed("state", _text()),
        _needed("attempts", sa.Integer()),
        _instant("lease_until"),
        _instant("first_attempt_at"),
        _needed("message_id", _text()),
        _needed("last_error", _text()),
        sa.PrimaryKeyConstraint("key", name="pk_delivery"),
        sa.ForeignKeyConstraint(["run_key"], ["digest_run.key"], name="fk_delivery_run_key"),
        sa.UniqueConstraint(
            "run_key", "tenant_id", "channel", "number", name="uq_delivery_run_key_tenant_id_channel_number"
        ),
    )
    tables.create_index("ix_delivery_state", "delivery", ["state"])


def _shelf(tables: Operations) -> None:
    tables.create_table(
        "paper",
        _needed("id", _text()),
        _instant("published"),
        _needed("title_words", _text()),
        _needed("abstract_words", _text()),
        _needed("body", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
    )
    tables.create_table(
        "paper_name",
        _needed("name", _text()),
        _needed("paper", _text()),
        sa.PrimaryKeyConstraint("name", name="pk_paper_name"),
        sa.ForeignKeyConstraint(["paper"], ["paper.id"], name="fk_paper_name_paper"),
    )
    tables.create_index("ix_paper_name_paper", "paper_name", ["paper"])
    tables.create_table(
        "sighting",
        _needed("source", _text()),
        _needed("day", sa.Date()),
        _needed("paper", _text()),
        sa.PrimaryKeyConstraint("source", "day", "paper", name="pk_sighting"),
    )
    tables.create_table(
        "summary_cache",
        _needed("key", _text()),
        _needed("engine", _text()),
        _needed("model", _text()),
        _instant("created", nullable=False),
        _needed("body", sa.JSON()),
        sa.PrimaryKeyConstraint("key", name="pk_summary_cache"),
    )


def _accounts(tables: Operations) -> None:
    tables.create_table(
        "quota_counter",
        _tenant_id("quota_counter"),
        _needed("day", sa.Date()),
        _needed("kind", _text()),
        _needed("used", sa.Integer()),
        sa.PrimaryKeyConstraint("tenant_id", "day", "kind", name="pk_quota_counter"),
    )
    tables.create_table(
        "audit",
        _needed("id", sa.Integer()),
        _tenant_id("audit"),
        _instant("at", nullable=False),
        _needed("actor", _text()),
        _needed("action", _text()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    tables.create_index("ix_audit_tenant_id_at", "audit", ["tenant_id", "at"])
