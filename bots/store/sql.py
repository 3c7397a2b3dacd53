"""The store in a database: SQLite in its own file, or Postgres."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from bots.domain.errors import SettingsError, StoreError
from bots.domain.runs import Run
from bots.ports import Clock
from bots.store._accounts import SqlCounters, SqlWorkspaces
from bots.store._addresses import PATIENCE, file_of, place_of, read_address, shown
from bots.store._archive import SqlArchive
from bots.store._claimants import Claimants
from bots.store._claims import SqlClaims
from bots.store._credentials import SqlCredentials
from bots.store._database import Database
from bots.store._engine import open_engine
from bots.store._files import make_file
from bots.store._follows import SqlFollows
from bots.store._index import SqlIndex
from bots.store._leases import SqlLeases
from bots.store._ledger import SqlLedger
from bots.store._listings import SqlListings
from bots.store._mailboxes import SqlMailboxes
from bots.store._plans import SqlPlans
from bots.store._pruning import SqlPruning
from bots.store._published import SqlPublished
from bots.store._readers import SqlReaders
from bots.store._run_statements import RunStatements
from bots.store._secrets import Vault
from bots.store._server_time import ServerTime
from bots.store._shelf import SqlBlurbCache, SqlShelf
from bots.store._sign_ins import SqlSignIns
from bots.store._subscriptions import SqlSubscriptions
from bots.store._tastes import SqlTastes, SqlVectorCache
from bots.store._transfer import SqlTransfer
from bots.store._upkeep import SqlUpkeep
from bots.store.errors import translated
from bots.store.migrations import examine, is_blank, upgrade


class SqlStore(
    SqlSubscriptions,
    SqlLedger,
    SqlClaims,
    SqlLeases,
    SqlShelf,
    SqlArchive,
    SqlListings,
    SqlPublished,
    SqlIndex,
    SqlBlurbCache,
    SqlVectorCache,
    SqlReaders,
    SqlTastes,
    SqlFollows,
    SqlCounters,
    SqlWorkspaces,
    SqlMailboxes,
    SqlCredentials,
    SqlSignIns,
    SqlPlans,
    SqlUpkeep,
    SqlPruning,
    SqlTransfer,
):
    """Combines the stores of all tables; see `bots.ports.Store`."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        claimants: Claimants,
        time: ServerTime,
        on_opened: Callable[[Any, Run], None] | None = None,
    ) -> None:
        self._on_opened = on_opened
        self._database = database
        self._claimants = claimants
        self._time = time
        self._statements = RunStatements(time)
        self._vault = vault


@asynccontextmanager
async def open_store(
    database: str | Path,
    *,
    patience: float = PATIENCE,
    keys: Sequence[str] = (),
    clock: Clock | None = None,
    on_opened: Callable[[Any, Run], None] | None = None,
    upgrading: bool = True,
) -> AsyncIterator[SqlStore]:
    """Open the database for the duration of the block; create or migrate it first.

    Args:
        database: the path of a file, `sqlite:///…`, or `postgresql://…`.
        patience: seconds to wait for another program that has it locked.
        keys: encrypt the tokens of workspaces, the newest first; not needed if there are no tokens.
        clock: returns the time of this machine, aware. With it, the times of claims are on the clock of a database's
            server, whatever the machines that share it take for the time. A file has one machine.
        on_opened: is called for each new run with the driver's connection, in the transaction that opens the run.
        upgrading: whether to migrate an older database; if not, it is refused as it is. A file that is not there is
            made all the same, and one without any table gets ours.

    Raises:
        SettingsError: the kind of database is unknown, its driver is not installed, or a key is not valid.
        StoreAway: its server cannot be used at present.
        StoreError: the database cannot be opened, is not a database, is newer than this program, or is older and must
            not be migrated.
    """
    url, vault = read_address(database), Vault(keys)
    name = shown(url)
    engine = _engine(url, patience)
    opened = Database(engine, name, place_of(url))
    is_file = url.get_backend_name() == "sqlite"
    claimants, time = Claimants(url.database if is_file else None), ServerTime(None if is_file else clock)
    store, ready, idle = SqlStore(opened, vault, claimants, time, on_opened), False, False
    try:
        with translated(name, place_of(url)):
            await asyncio.to_thread(_make_ready, url, name, patience, upgrading)
        ready = True
        yield store
    finally:
        if ready:
            with suppress(StoreError):
                idle = not await store.has_claims()
        await opened.close()
        claimants.close(idle=idle)


def _make_ready(url: URL, name: str, patience: float, upgrading: bool) -> None:
    file = file_of(url)
    if file is not None:
        make_file(file, name)
    # One without tables is new, or its first command is just making them, or was interrupted.
    if upgrading or (file is not None and is_blank(url, patience)):
        upgrade(url, name, patience)
    else:
        examine(url, name, patience)


def _engine(url: URL, patience: float) -> Engine:
    try:
        return open_engine(url, patience)
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"Postgres needs the package {error.name}, which is not installed.",
            hint="Install it where Paperwire is installed: pip install 'psycopg[binary]'",
        ) from error
