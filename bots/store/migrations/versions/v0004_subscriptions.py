"""Renames schedules to subscriptions in the database: the table, the column of a run, and the sort field."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0004"
down_revision = "0003"

_OLD = sa.table("schedule", sa.column("id"), sa.column("body", sa.JSON()))
_NEW = sa.table("subscription", sa.column("id"), sa.column("body", sa.JSON()))
_COLUMNS = "id, tenant_id, channel, enabled, ended, created, body"


def upgrade(tables: Operations) -> None:
    """Copy `schedule` into `subscription`, and rename `digest_run.schedule_id` to `subscription_id`."""
    tables.create_table(
        "subscription",
        _needed("id", _text()),
        _needed("tenant_id", sa.Integer()),
        _needed("channel", _text()),
        _needed("enabled", sa.Boolean()),
        _needed("ended", sa.Boolean()),
        sa.Column("created", sa.DateTime(timezone=True)),
        _needed("body", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_subscription_tenant_id"),
    )
    tables.create_index("ix_subscription_tenant_id_channel", "subscription", ["tenant_id", "channel"])
    tables.execute(f"INSERT INTO subscription ({_COLUMNS}) SELECT {_COLUMNS} FROM schedule")  # noqa: S608 - constants
    _rename_the_sorting(tables.get_bind())
    tables.drop_table("schedule")
    tables.drop_index("ix_digest_run_schedule_id_slot_day_slot_time", "digest_run")
    # SQLite has supported this statement since 3.25 (2018), Postgres always; alembic would copy the table on SQLite.
    tables.execute("ALTER TABLE digest_run RENAME COLUMN schedule_id TO subscription_id")
    columns = ["subscription_id", "slot_day", "slot_time"]
    tables.create_index("ix_digest_run_subscription_id_slot_day_slot_time", "digest_run", columns)


def _rename_the_sorting(connection: sa.Connection) -> None:
    """Rename the field `order` to `sort_by`; a missing field would silently get its default."""
    for row in connection.execute(sa.select(_OLD.c.id, _OLD.c.body)).all():
        body = {("sort_by" if name == "order" else name): value for name, value in row.body.items()}
        connection.execute(sa.update(_NEW).where(_NEW.c.id == row.id).values(body=body))


def _text() -> "sa.types.TypeEngine[str]":
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _needed(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)
