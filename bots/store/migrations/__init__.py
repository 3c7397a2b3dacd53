"""Migrates a database to the tables this program knows, one numbered step after another.

A step is a module in `versions/` with `revision`, `down_revision` and `upgrade(tables)`. It spells out its changes
and imports nothing from `tables.py`, which later releases change. A test compares the two.
"""

import logging
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from bots.domain.errors import StoreError
from bots.store import nearness
from bots.store._engine import open_blocking_engine, open_engine
from bots.store.isolation import isolate

_log = logging.getLogger(__name__)

#: The remedy for a database of an older version.
UPGRADE = "Back it up, then run: paperwire db upgrade"
#: The remedy for a server's database without tables, which has nothing to back up.
_CREATE = "Create them: paperwire db upgrade"
#: Key of the advisory lock. Any number that nothing else in the same Postgres locks: "paper" in hexadecimal ASCII.
_LOCK = 0x7061706572


def upgrade(url: URL, name: str, patience: float) -> None:
    """Migrate the database to the newest step, in one transaction; blocks, so call it in a thread.

    A second caller waits for the first and then finds nothing to do.

    Args:
        name: the database as error messages name it.
        patience: seconds to wait for another program that has it locked.

    Raises:
        StoreError: the database has a step that this program does not know.
    """
    engine = open_blocking_engine(url, patience)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            before, now = _climb(connection, name)
            isolate(connection)
            nearness.prepare(connection)
        _tell(before, now)
        if before and max(before) < _CLEARS and engine.dialect.name == "sqlite":
            _rewrite(engine, name)
    finally:
        engine.dispose()


def examine(url: URL, name: str, patience: float) -> None:
    """Refuse a database as `require_newest` does; blocks, so call it in a thread.

    Args:
        url: the database.
        name: the database as error messages name it.
        patience: seconds to wait for another program that has it locked.

    Raises:
        StoreError: it is not at the newest step, or cannot be read.
    """
    engine = open_engine(url, patience)
    try:
        with engine.connect() as connection:
            require_newest(connection, name)
    finally:
        engine.dispose()


def is_blank(url: URL, patience: float) -> bool:
    """Return whether a file has no table; blocks, so call it in a thread."""
    engine = open_engine(url, patience)
    try:
        with engine.connect() as connection:
            return not reached(connection) and not _foreign(connection)
    finally:
        engine.dispose()


def require_newest(connection: Connection, name: str) -> None:
    """Refuse a database that is not at the newest step; it is not changed.

    Args:
        connection: a connection to it.
        name: the database as error messages name it.

    Raises:
        StoreError: it is not; the message says at which step it is, and what to do.
    """
    step = reached(connection)
    if step == newest():
        return
    _refuse_others(connection, name)
    at = f"at step {step}" if step else "without Paperwire's tables"
    raise StoreError(f"{name} is {at}, and this Paperwire needs step {newest()}.", hint=UPGRADE if step else _CREATE)


def newest() -> str:
    """Return the newest step that this program knows."""
    return str(_steps().get_current_head())


def reached(connection: Connection) -> str:
    """Return the step that a database has reached; empty if it has none of our tables."""
    return " ".join(sorted(MigrationContext.configure(connection).get_current_heads()))


def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent))


def _foreign(connection: Connection) -> list[str]:
    """Return the tables of a file without any step of ours. A server may hold other programs' tables beside ours."""
    return sorted({*inspect(connection).get_table_names()} - {"alembic_version"})


#: The step that deletes private texts from a file whose deleted content was not overwritten until then.
_CLEARS = "0005"


def _rewrite(engine: Engine, name: str) -> None:
    """Rewrite the file of a SQLite database without what was deleted from it.

    It is as if it had been overwritten when it was deleted. This needs as much disk space again; without it, the
    database works all the same.
    """
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.cursor()
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.close()
    except DBAPIError as error:
        _log.warning(
            "deleted texts remain in the file; run VACUUM on it", extra={"database": name, "error": str(error)}
        )


def _tell(before: tuple[str, ...], now: tuple[str, ...]) -> None:
    """Tell of an upgrade, once it is committed."""
    steps = {"before": " ".join(before), "now": " ".join(now)}
    if before and now != before:
        _log.warning("the database's tables were upgraded; an older Paperwire does not open them", extra=steps)
    elif now != before:
        _log.info("the database's tables were created", extra=steps)


def _climb(connection: Connection, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Run every step the database lacks; return the steps that it had reached before and has reached now.

    Alembic's usual script, `env.py`, uses module-level state and could not run in two threads at once.
    """
    steps = _steps()

    def missing(reached: Any, _context: MigrationContext) -> Any:
        return steps._upgrade_revs("head", reached)

    context = MigrationContext.configure(connection, opts={"fn": missing, "render_as_batch": True})
    _refuse_others(connection, name)
    reached = context.get_current_heads()
    context.run_migrations(tables=Operations(context))
    return reached, context.get_current_heads()


def _refuse_others(connection: Connection, name: str) -> None:
    """Refuse a database that a newer version wrote, and a file of another program."""
    heads = set(MigrationContext.configure(connection).get_current_heads())
    if unknown := heads - {step.revision for step in _steps().walk_revisions()}:
        raise StoreError(
            f"{name} was written by a newer Paperwire (step {', '.join(sorted(unknown))}).",
            hint="Upgrade Paperwire, or restore the backup from before its upgrade.",
        )
    if not heads and connection.dialect.name == "sqlite" and (foreign := _foreign(connection)):
        raise StoreError(
            f"{name} is not Paperwire's: it has other tables, such as {foreign[0]}.",
            hint="Give Paperwire a database of its own.",
        )
