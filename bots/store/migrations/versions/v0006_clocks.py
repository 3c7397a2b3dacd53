"""Records the platform's own time with each part, and which process has claimed a run."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0006"
down_revision = "0005"


def upgrade(tables: Operations) -> None:
    """Add both columns; what was posted before the upgrade has no platform time, and no known claimant."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    with tables.batch_alter_table("delivery") as part:
        part.add_column(sa.Column("posted_after", sa.DateTime(timezone=True)))
    with tables.batch_alter_table("digest_run") as run:
        run.add_column(sa.Column("claimed_by", text))
