"""Adds what the operator allows each workspace."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0015"
down_revision = "0014"


def upgrade(tables: Operations) -> None:
    """Create `plan`; an empty column is the limit that everybody has."""
    tables.create_table(
        "plan",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("subscriptions", sa.Integer()),
        sa.Column("person_requests", sa.Integer()),
        sa.Column("requests", sa.Integer()),
        sa.Column("pastes", sa.Integer()),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_plan"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_plan_tenant_id"),
    )
