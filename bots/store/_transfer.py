"""Writes everything in the database to an archive, and reads it into an empty one."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, func, insert, select

from bots.domain.errors import StoreError
from bots.store._database import CHUNK, Database, whole_for_all
from bots.store._secrets import opened_by_passphrase, sealed_by_passphrase
from bots.store.archive_format import (
    ArchiveSummary,
    ArchiveWriter,
    Row,
    as_json,
    as_row,
    lines_of,
    new_zip,
    no_archive,
    read_manifest,
    sealed_in,
)
from bots.store.tables import credential, installation, mailbox, metadata

#: The index of the search is made again by the running program. Sign-ins stay where they were made: whoever wrote an
#: archive could otherwise be signed in by it, as the operator.
_LEFT = frozenset({"search_entry", "search_vector", "search_word", "sign_in"})
#: Whose rows are secrets: tokens of workspaces, and what other programs are let in with.
_SECRET = (installation, credential)
#: Stands for the key of a mailbox that was left out; each gets a new one.
_NO_KEY = ""


class SqlTransfer:
    """Writes and reads archives of the whole database."""

    _database: Database

    @whole_for_all
    async def write_archive(self, file: Path, *, now: datetime, passphrase: str = "") -> ArchiveSummary:
        """Write everything to a file, which replaces the one of that name only when it is complete.

        Args:
            file: the file to write; only its owner can read it.
            now: the current time.
            passphrase: encrypts the secrets; without one they are left out.

        Raises:
            StoreError: the database cannot be read, or the file cannot be written.
        """
        async with self._database.reading() as connection:
            with _replacing(file) as opened, new_zip(opened) as archive:
                return _written(connection._connection, ArchiveWriter(archive), now, passphrase)

    @whole_for_all
    async def read_archive(self, file: Path, *, passphrase: str = "", without_secrets: bool = False) -> ArchiveSummary:
        """Read everything from a file into this database, which must be empty, in one transaction.

        Args:
            file: what `write_archive` wrote.
            passphrase: decrypts the secrets in the archive.
            without_secrets: whether to leave them out.

        Raises:
            StoreError: the database is not empty, the file is no archive or is damaged, or its secrets are encrypted
                with another passphrase; then nothing is changed.
        """
        with _opened(file) as archive:
            manifest = read_manifest(archive)
            held = {} if without_secrets else _secrets_of(archive, manifest, passphrase)
            async with self._database.writing() as transaction:
                connection = transaction._connection
                _check_empty(connection, self._database.name)
                return _taken(connection, archive, manifest, held)


def _tables() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if table.name not in _LEFT)


def _written(connection: Connection, writer: ArchiveWriter, now: datetime, passphrase: str) -> ArchiveSummary:
    rows, held = dict[str, int](), dict[str, list[Row]]()
    for table in _tables():
        found = _rows(connection, table)
        if table in _SECRET:
            held[table.name] = [as_json(row) for row in found]
        elif table is mailbox:
            whole_rows = list(found)
            held[table.name] = [{"tenant_id": row["tenant_id"], "secret": row["secret"]} for row in whole_rows]
            rows[table.name] = writer.write(table.name, ({**row, "secret": _NO_KEY} for row in whole_rows))
        else:
            rows[table.name] = writer.write(table.name, found)
    sealed = sealed_by_passphrase(json.dumps(held).encode(), passphrase) if passphrase else None
    writer.finish(step=_step(connection), made=now, sealed=sealed)
    if passphrase:
        rows |= {table.name: len(held[table.name]) for table in _SECRET}
    return ArchiveSummary(rows=rows, left_out=() if passphrase else _left_out(held))


def _left_out(held: Mapping[str, list[Row]]) -> tuple[str, ...]:
    """Return what an archive without secrets lacks, in words."""
    said = (
        (len(held["installation"]), "tokens of workspaces: the app must be installed there again"),
        (len(held["credential"]), "API tokens, feed addresses, webhooks and keys of Zotero: they must be made again"),
        (len(held["mailbox"]), "keys of mailboxes: links in mails that were sent before end"),
    )
    return tuple(f"{count} {what}" for count, what in said if count)


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    """Yield the rows of a table in the order of its key, a few at a time."""
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=CHUNK).execute(query).mappings():
        yield dict(row)


def _step(connection: Connection) -> str:
    return str(MigrationContext.configure(connection).get_current_revision())


def _secrets_of(archive: ZipFile, manifest: Mapping[str, Any], passphrase: str) -> Mapping[str, list[Row]]:
    sealed = sealed_in(archive, manifest)
    if sealed is None:
        return {}
    if not passphrase:
        raise StoreError(
            "The archive has secrets, which are encrypted with a passphrase.",
            hint="Give it with --passphrase-file, or say --without-secrets to leave them out.",
        )
    held: Mapping[str, list[Row]] = json.loads(opened_by_passphrase(sealed, passphrase))
    return held


def _check_empty(connection: Connection, name: str) -> None:
    filled = [table.name for table in _tables() if connection.scalar(select(1).select_from(table).limit(1))]
    if filled:
        raise StoreError(
            f"{name} is not empty: it has rows in {', '.join(sorted(filled)[:3])}.",
            hint="Import into a new one: paperwire --database new.sqlite3 import FILE. Then name that in the settings.",
        )


def _taken(
    connection: Connection, archive: ZipFile, manifest: Mapping[str, Any], held: Mapping[str, list[Row]]
) -> ArchiveSummary:
    known = {table.name: table for table in metadata.sorted_tables}
    if unknown := set(manifest["tables"]) - known.keys():
        raise StoreError(
            f"The archive has a table that this Paperwire does not know: {min(unknown)}.",
            hint="It was written by a newer Paperwire: upgrade, then import again.",
        )
    keys = {row["tenant_id"]: row["secret"] for row in held.get("mailbox", ())}
    rows = dict[str, int]()
    for table in _tables():
        if told := manifest["tables"].get(table.name):
            found = (as_row(table, values) for values in lines_of(archive, told))
            mended = (_with_key(row, keys) for row in found) if table is mailbox else found
            rows[table.name] = _insert(connection, table, mended)
        elif table.name in held:
            found = (as_row(table, values) for values in held[table.name])
            rows[table.name] = _insert(connection, table, found)
    _set_counters(connection)
    return ArchiveSummary(rows=rows)


def _with_key(row: Row, keys: Mapping[int, str]) -> Row:
    """Return a mailbox with its own key, or with a new one if that was left out."""
    return {**row, "secret": keys.get(row["tenant_id"]) or secrets.token_urlsafe(32)}


def _insert(connection: Connection, table: Table, rows: Iterator[Row]) -> int:
    count, some = 0, list[Row]()
    for row in rows:
        some.append(row)
        count += 1
        if len(some) == CHUNK:
            connection.execute(insert(table), some)
            some = []
    if some:
        connection.execute(insert(table), some)
    return count


def _set_counters(connection: Connection) -> None:
    """Let Postgres count on from the largest number that was inserted; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in _tables():
        column = table.c.get("id")
        if column is not None and column.autoincrement and column.type.python_type is int:
            latest = select(func.max(column)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, func.coalesce(latest, 1), latest.is_not(None))))


@contextmanager
def _replacing(file: Path) -> Iterator[Any]:
    """Yield a new file beside the given one, which it replaces when the block ends without an error."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as opened:
                yield opened
                opened.flush()
                os.fsync(opened.fileno())
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise StoreError(
            f"The archive cannot be written: {said}.", hint="Give another file.", place=str(file)
        ) from error


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    try:
        archive = ZipFile(file)
    except BadZipFile as error:
        raise no_archive() from error
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise StoreError(f"The archive cannot be read: {said}.", hint="Give another file.", place=str(file)) from error
    with archive:
        yield archive
