"""Adds tables for private papers, and deletes private texts from the tables that everyone shares."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0005"
down_revision = "0004"

#: What a source that reads a file of this machine begins with.
_LOCAL = "file:%"
#: The styles of a blurb that 0.1.0 and later made.
_STYLES = ("one-line", "short", "structured")
#: Papers read at once, so that a large shelf needs little memory.
_BATCH = 500


def upgrade(tables: Operations) -> None:
    """Create the tables for private papers, and delete texts that may be private; they were not told apart before.

    The papers of a file come back, as private ones, with the next digest that reads the file.
    """
    _create(tables)
    connection = tables.get_bind()
    _drop_local_papers(connection)
    _drop_pasted(connection)
    connection.execute(sa.text("UPDATE subscription SET body = '{}' WHERE ended"))


def _create(tables: Operations) -> None:
    tables.create_table(
        "private_paper",
        *_owner("private_paper"),
        _needed("id", _text()),
        _needed("listed", sa.Date()),
        sa.Column("published", sa.DateTime(timezone=True)),
        _needed("title_words", _text()),
        _needed("abstract_words", _text()),
        _needed("body", sa.JSON()),
        sa.PrimaryKeyConstraint("tenant_id", "channel", "id", name="pk_private_paper"),
    )
    tables.create_index("ix_private_paper_listed", "private_paper", ["listed"])
    tables.create_table(
        "private_name",
        *_owner("private_name"),
        _needed("name", _text()),
        _needed("paper", _text()),
        sa.PrimaryKeyConstraint("tenant_id", "channel", "name", name="pk_private_name"),
    )
    tables.create_index("ix_private_name_tenant_id_channel_paper", "private_name", ["tenant_id", "channel", "paper"])
    tables.create_table(
        "private_sighting",
        *_owner("private_sighting"),
        _needed("source", _text()),
        _needed("day", sa.Date()),
        _needed("paper", _text()),
        sa.PrimaryKeyConstraint("tenant_id", "channel", "source", "day", "paper", name="pk_private_sighting"),
    )


def _drop_local_papers(connection: sa.Connection) -> None:
    """Delete every paper that a file listed: its record may hold text of the file, even if another source has it."""
    listed = "SELECT paper FROM sighting WHERE source LIKE :local"
    ids = set(connection.scalars(sa.text(f"SELECT paper FROM paper_name WHERE name IN ({listed})"), {"local": _LOCAL}))  # noqa: S608 - constants
    ids |= {name for name, body in _bodies(connection) if str(body.get("source", "")).startswith(_LOCAL[:-1])}
    for name in sorted(ids):
        connection.execute(sa.text("DELETE FROM paper_name WHERE paper = :name"), {"name": name})
        connection.execute(sa.text("DELETE FROM paper WHERE id = :name"), {"name": name})
    connection.execute(sa.text("DELETE FROM sighting WHERE source LIKE :local"), {"local": _LOCAL})


def _drop_pasted(connection: sa.Connection) -> None:
    """Delete every blurb that is not of a paper of the shelf: it may be of a pasted text."""
    makers = connection.execute(sa.text("SELECT DISTINCT engine, model FROM summary_cache")).all()
    kept = {
        _key(body, style, maker.engine, maker.model)
        for _, body in _bodies(connection)
        for style in _STYLES
        for maker in makers
    }
    for key in connection.scalars(sa.text("SELECT key FROM summary_cache")).all():
        if key not in kept:
            connection.execute(sa.text("DELETE FROM summary_cache WHERE key = :key"), {"key": key})


def _bodies(connection: sa.Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    for rows in connection.execute(sa.text("SELECT id, body FROM paper")).partitions(_BATCH):
        for row in rows:
            # Through plain SQL, SQLite returns JSON as text.
            yield row.id, json.loads(row.body) if isinstance(row.body, str) else row.body


def _key(body: dict[str, Any], style: str, engine: str, model: str) -> str:
    """Return the key under which the blurb of a paper was stored."""
    named = (body["title"], body["abstract"], str(body.get("dollar_math", True)), style, engine, model)
    return hashlib.sha256("\x00".join(named).encode("utf-8", "surrogatepass")).hexdigest()


def _owner(table: str) -> tuple["sa.Column[Any]", "sa.Column[Any]"]:
    tenant = sa.ForeignKey("tenant.id", name=f"fk_{table}_tenant_id")
    return sa.Column("tenant_id", sa.Integer(), tenant, nullable=False), _needed("channel", _text())


def _text() -> "sa.types.TypeEngine[str]":
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _needed(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)
