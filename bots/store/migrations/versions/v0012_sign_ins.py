"""Adds who is signed in at the web page."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0012"
down_revision = "0011"


def upgrade(tables: Operations) -> None:
    """Create `sign_in`: a row for each workspace of a person, so that it ends with the workspace."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    tables.create_table(
        "sign_in",
        sa.Column("key", text, nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("user", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("operator", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "tenant_id", name="pk_sign_in"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_sign_in_tenant_id"),
    )
