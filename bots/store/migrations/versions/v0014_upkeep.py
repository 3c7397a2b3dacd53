"""Lets old runs be deleted without the papers they posted being forgotten, and digests of a channel take turns."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0014"
down_revision = "0012"


def upgrade(tables: Operations) -> None:
    """Cut posted papers loose from their parts, index sightings by paper, and add the channel a digest is made for."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    with tables.batch_alter_table("posted_paper") as posted:
        posted.drop_constraint("fk_posted_paper_delivery_key", type_="foreignkey")
    tables.create_index("ix_sighting_paper", "sighting", ["paper"])
    with tables.batch_alter_table("digest_run") as run:
        run.add_column(sa.Column("making", text))
    tables.create_index("ix_digest_run_making", "digest_run", ["making"])
