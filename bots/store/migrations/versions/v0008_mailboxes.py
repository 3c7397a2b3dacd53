"""Adds the mail addresses that digests are sent to."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0008"
down_revision = "0007"


def upgrade(tables: Operations) -> None:
    """Create `mailbox`; each of its rows belongs to a tenant of its own."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    tables.create_table(
        "mailbox",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("address", text, nullable=False),
        sa.Column("address_key", text, nullable=False),
        sa.Column("secret", text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_mailbox"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_mailbox_tenant_id"),
        sa.UniqueConstraint("address_key", name="uq_mailbox_address_key"),
    )
