"""Counts a workspace's data in every row of every table."""

import sqlite3
from contextlib import closing
from pathlib import Path


def rows_of(folder: Path, workspace: str) -> dict[str, int]:
    """Return how many rows name a workspace or belong to it, by table; tables without one are left out."""
    found: dict[str, int] = {}
    with closing(sqlite3.connect(folder / "paperwire.sqlite3")) as database:
        tenants = [row[0] for row in database.execute("SELECT id FROM tenant WHERE workspace = ?", [workspace])]
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [name for _, name, *_ in database.execute(f"PRAGMA table_info({table})")]
            for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the name is the database's own
                named = dict(zip(columns, row, strict=True))
                if named.get("tenant_id") in tenants or any(workspace in str(value) for value in row):
                    found[table] = found.get(table, 0) + 1
    return found
