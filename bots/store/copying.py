"""Copies a whole database into an empty one of either kind, and compares every row before it commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Engine, Integer, MappingResult, Table, func, insert, select, text

from bots.domain.errors import StoreError
from bots.store._engine import WRITES
from bots.store.operations import Place, analyze, row_counts
from bots.store.tables import metadata

#: Rows that are read and written together.
_BATCH = 500
_Progress = Callable[[str, int], None]
_EMPTY = "Name an empty database; nothing was copied."


def copy(source: Place, target: Place, *, progress: _Progress = lambda _table, _rows: None) -> dict[str, int]:
    """Copy every row, in one transaction of each database, and return the number of rows by table.

    Blocks, so call it in a thread. The source is read as it is at one instant. The target is created if needed; if
    anything fails, it stays empty.

    Args:
        source: a database at the newest step.
        target: a database without rows.
        progress: is called with a table and the number of its rows that were copied.

    Raises:
        StoreError: the source is of another step, the target has rows, or a row differs after it was copied.
    """
    if source.url == target.url:
        raise StoreError(f"{source.name} cannot be copied to itself.", hint="Name another database.")
    with source.engine() as engine, _snapshot(engine) as read:
        source.require_newest(read)
        fresh = target.file is not None and not target.file.exists()
        try:
            target.upgrade()
            with target.engine() as other, other.begin() as write:
                _claim(target, write)
                copied = {table.name: _copy(read, write, table, progress) for table in metadata.sorted_tables}
                _compare(read, write, target)
            analyze(target)
            return copied
        except BaseException:
            for file in target.files if fresh else ():
                file.unlink(missing_ok=True)
            raise


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that reads one state of the database, whatever is written meanwhile."""
    options: dict[str, Any] = {WRITES: False}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        yield connection


def _claim(target: Place, write: Connection) -> None:
    """Keep everybody else from writing to the target, and refuse it if somebody did."""
    if write.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        write.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    full = {name: count for name, count in row_counts(write).items() if count}
    if full:
        name, count = max(full.items(), key=lambda each: each[1])
        raise StoreError(f"{target.name} is not empty: its table {name} has {count} rows.", hint=_EMPTY)


def _copy(read: Connection, write: Connection, table: Table, progress: _Progress) -> int:
    done = 0
    with _rows(read, table) as found:
        for rows in found.partitions(_BATCH):
            write.execute(insert(table), [dict(row) for row in rows])
            done += len(rows)
            progress(table.name, done)
    if write.dialect.name == "postgresql":
        _advance(write, table)
    return done


@contextmanager
def _rows(connection: Connection, table: Table) -> Iterator[MappingResult]:
    """Yield the rows of a table in the order of its key, which is the same on every database."""
    query = select(table).order_by(*table.primary_key.columns).execution_options(stream_results=True)
    with connection.execute(query) as found:
        yield found.mappings()


def _advance(write: Connection, table: Table) -> None:
    """Set the sequence of a numbered table behind its last number: inserting a row with its number does not."""
    for column in table.primary_key.columns:
        if isinstance(column.type, Integer) and not column.foreign_keys and len(table.primary_key.columns) == 1:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            write.execute(select(func.setval(sequence, last, False)))


def _compare(read: Connection, write: Connection, target: Place) -> None:
    """Compare both databases row by row.

    Raises:
        StoreError: a row differs or is missing.
    """
    for table in metadata.sorted_tables:
        with _rows(read, table) as ours, _rows(write, table) as theirs:
            for number, (one, other) in enumerate(zip_longest(ours, theirs), start=1):
                if one is None or other is None or dict(one) != dict(other):
                    raise StoreError(f"{target.name} would differ: row {number} of {table.name}.", hint=_EMPTY)
