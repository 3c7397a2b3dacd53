"""Migrates a database to the tables this program knows, one numbered step after another.

A step is a module in `versions/` with `revision`, `down_revision` and `upgrade(tables)`. It spells out its changes
and imports nothing from `tables.py`, which later releases change. A test compares the two.
"""

from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from bots.domain.errors import StoreError
from bots.store._database import open_blocking_engine

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
            _climb(connection, name)
    finally:
        engine.dispose()


def _climb(connection: Connection, name: str) -> None:
    """Run every step the database lacks.

    Alembic's usual script, `env.py`, uses module-level state and could not run in two threads at once.
    """
    steps = ScriptDirectory(str(Path(__file__).parent))

    def missing(reached: Any, _context: MigrationContext) -> Any:
        return steps._upgrade_revs("head", reached)

    context = MigrationContext.configure(connection, opts={"fn": missing, "render_as_batch": True})
    unknown = set(context.get_current_heads()) - {step.revision for step in steps.walk_revisions()}
    if unknown:
        raise StoreError(
            f"{name} was written by a newer Paperwire (step {', '.join(sorted(unknown))}).",
            hint="Upgrade Paperwire, or restore the backup from before its upgrade.",
        )
    context.run_migrations(tables=Operations(context))
