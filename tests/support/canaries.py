"""Looks for a word in a whole database: in every column of every table, and in the bytes of its files."""

import sqlite3
from contextlib import closing
from pathlib import Path


def tables_with(database: Path, word: str) -> list[str]:
    """Return the columns, as `table.column`, in which any value contains a word; read through SQLite."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [
            f"{table}.{column}"
            for table in tables
            for _, column, *_ in connection.execute(f'PRAGMA table_info("{table}")').fetchall()
            if any(
                word.casefold() in _text(value).casefold()
                for (value,) in connection.execute(f'SELECT "{column}" FROM "{table}"')  # noqa: S608 - our own names
            )
        ]


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def files_with(database: Path, word: str) -> list[str]:
    """Return the names of the database's files whose bytes contain a word, in any case; its log is one."""
    return [
        path.name
        for path in sorted(database.parent.glob(f"{database.name}*"))
        if word.casefold().encode() in path.read_bytes().lower()
    ]
