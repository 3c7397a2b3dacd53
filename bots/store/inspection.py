"""Examines a database without changing it: its step, its integrity, rows without an owner, and who may read it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, select, text

from bots.chat.phrases import counted, listed
from bots.config.private_files import mend, open_to_others
from bots.domain.errors import StoreError
from bots.search.weights import IN_MEMORY
from bots.store import nearness
from bots.store.errors import readable
from bots.store.isolation import is_exempt, unprotected
from bots.store.migrations import UPGRADE, newest, reached
from bots.store.operations import Place, row_counts, size, tables_of
from bots.store.tables import metadata, private_name, private_paper

#: Damaged places that SQLite names; more say nothing more about what to do.
_MOST_FOUND = 5
_RESTORE = "Stop Paperwire and restore a backup."
_EXTENSION = "As a superuser: CREATE EXTENSION vector (0.8 or newer); then run: paperwire db upgrade"
_ORPHANS = "Restore a backup, or delete these rows; nothing else refers to them."
#: Rows that are read together.
_BATCH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Something that is wrong with a database, or that should be different."""

    #: What was examined: `revision`, `integrity`, `orphans`, `isolation`, `vectors` or `permissions`.
    check: str
    says: str
    fix: str
    #: Whether the database works all the same.
    works: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """The result of an examination."""

    name: str
    #: What stores it, with its version: "SQLite 3.40.1".
    kind: str
    #: The migration step that it reached, and the newest one.
    step: str
    newest: str
    #: Bytes on disk.
    size: int
    #: The number of tables.
    tables: int
    #: Rows by table; empty if the step is another.
    rows: dict[str, int]
    troubles: tuple[Trouble, ...]


def inspect(place: Place) -> Inspection:
    """Examine a database; blocks, so call it in a thread.

    Raises:
        StoreError: it cannot be opened at all.
    """
    with place.engine() as engine, engine.connect() as connection:
        step, troubles = reached(connection), list(_of_step(connection))
        troubles += _of_integrity(place, connection)
        if step == newest():
            troubles += [*_of_rows(place, connection), *_orphans(connection)]
            troubles += _of_vectors(connection) if place.file is None else ()
        if place.file:
            troubles += _of_files(place)
        elif step:
            troubles += _of_rights(connection)
        version = ".".join(map(str, engine.dialect.server_version_info or ()))
        return Inspection(
            name=place.name,
            kind=f"{'SQLite' if place.file else 'Postgres'} {version}",
            step=step,
            newest=newest(),
            size=size(place),
            tables=len(tables_of(connection)),
            rows=row_counts(connection) if step == newest() else {},
            troubles=tuple(troubles),
        )


def _of_step(connection: Connection) -> Iterator[Trouble]:
    step = reached(connection)
    if not step:
        yield Trouble(check="revision", says="it has none of Paperwire's tables", fix="Run: paperwire db upgrade")
    elif step > newest():
        yield Trouble(check="revision", says=f"a newer Paperwire wrote it (step {step})", fix="Upgrade Paperwire.")
    elif step != newest():
        yield Trouble(check="revision", says=f"it is at step {step}, not at {newest()}", fix=UPGRADE)


def _of_integrity(place: Place, connection: Connection) -> Iterator[Trouble]:
    """Let the database examine itself."""
    if place.file:
        found = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_FOUND})").scalars().all()
        wrong = [" ".join(said.split()) for said in found if said != "ok"]
    else:
        invalid = text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        wrong = [f"the index {name} is not valid" for name in connection.scalars(invalid)]
    for says in wrong:
        yield Trouble(check="integrity", says=says, fix=_RESTORE if place.file else "Run REINDEX on it.")


def _of_rows(place: Place, connection: Connection) -> Iterator[Trouble]:
    """Read every row: a value that no column of ours can hold is damage that a database does not see."""
    for table in metadata.sorted_tables:
        try:
            with place.translated(), readable(place.name):
                query = select(table).execution_options(stream_results=True)
                with connection.execute(query) as rows:
                    for _some in rows.partitions(_BATCH):
                        pass
        except StoreError as error:
            yield Trouble(check="integrity", says=f"rows of {table.name} cannot be read: {error}", fix=_RESTORE)
            if not place.file:
                # After an error Postgres answers nothing more in this transaction.
                connection.rollback()


def _orphans(connection: Connection) -> Iterator[Trouble]:
    """Yield the tables with rows whose parent is missing."""
    for child in metadata.sorted_tables:
        for key in child.foreign_key_constraints:
            parent = key.referred_table.alias("parent")
            same = and_(*(parent.c[each.column.name] == each.parent for each in key.elements))
            yield from _without(connection, child, key.referred_table, exists().where(same))
    # Private names have no foreign key, because a paper and its names are replaced together.
    owned = and_(*(private_paper.c[each] == private_name.c[each] for each in ("tenant_id", "channel")))
    own = exists().where(owned, private_paper.c.id == private_name.c.paper)
    yield from _without(connection, private_name, private_paper, own)


def _without(connection: Connection, child: Table, parent: Table, has: ColumnElement[bool]) -> Iterator[Trouble]:
    lone = connection.scalar(select(func.count()).select_from(child).where(~has))
    if lone:
        says = f"{counted(lone, 'row')} of {child.name} without a row of {parent.name}"
        yield Trouble(check="orphans", says=says, fix=_ORPHANS)


def _of_files(place: Place) -> Iterator[Trouble]:
    """Yield the files that others may read, and those that this user may not write."""
    if found := open_to_others(place.files):
        says = f"other users of this machine may read {listed([each.name for each in found])}"
        yield Trouble(check="permissions", says=says, fix=f"Run: {mend(found)}", works=True)
    folders = {each.parent for each in place.files}
    shut = [each for each in (*place.files, *folders) if not os.access(each, os.W_OK)]
    if shut:
        says = f"this user may not write {listed(map(str, shut))}"
        yield Trouble(check="permissions", says=says, fix="Give the user that runs Paperwire permission to write it.")


def isolation_troubles(connection: Connection) -> Iterator[Trouble]:
    """Yield why the policies do not keep workspaces apart."""
    if lacking := unprotected(connection):
        says = f"no policy keeps the workspaces apart in {listed(lacking)}"
        yield Trouble(check="isolation", says=says, fix="Run: paperwire db upgrade", works=True)
    if is_exempt(connection):
        says = "no policy holds for this user, a superuser or one that may bypass them"
        yield Trouble(check="isolation", says=says, fix="Connect as a user with neither right.", works=True)


def _of_vectors(connection: Connection) -> Iterator[Trouble]:
    """Yield why many vectors are compared in memory, although an index would be quicker."""
    if (why := nearness.why_not(connection)) and nearness.is_worth_it(connection, IN_MEMORY):
        says = f"papers are searched by their meaning in each process's memory, because the server {why}"
        yield Trouble(check="vectors", says=says, fix=_EXTENSION, works=True)


def _of_rights(connection: Connection) -> Iterator[Trouble]:
    """Yield what the user of a server may not do with our tables."""
    needed = text("SELECT has_table_privilege(to_regclass(:name), :right)")
    for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        names = [f'"{table.name}"' for table in metadata.sorted_tables]
        denied = [name for name in names if connection.scalar(needed, {"name": name, "right": right}) is False]
        if denied:
            says = f"this user may not {right} in {listed(denied)}"
            yield Trouble(check="permissions", says=says, fix=f"Grant it: GRANT {right} ON {', '.join(denied)} TO …")
    yield from isolation_troubles(connection)
    if not connection.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")):
        says = "this user may not create tables, so it cannot upgrade them"
        yield Trouble(check="permissions", says=says, fix="Run `paperwire db upgrade` as their owner.", works=True)
