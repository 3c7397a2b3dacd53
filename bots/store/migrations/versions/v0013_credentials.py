"""Adds what other programs read from Paperwire with, and what Paperwire writes to them with."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0013"
down_revision = "0012"


def upgrade(tables: Operations) -> None:
    """Create `credential`."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    tables.create_table(
        "credential",
        sa.Column("kind", text, nullable=False),
        sa.Column("id", text, nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("channel", text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("key_id", text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name="pk_credential"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_credential_tenant_id"),
    )
    tables.create_index("ix_credential_tenant_id_channel", "credential", ["tenant_id", "channel"])
