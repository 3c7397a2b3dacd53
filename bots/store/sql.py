"""The store in a database: SQLite in its own file, or Postgres."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bots.domain.errors import SettingsError, StoreError
from bots.ports import Clock
from bots.store._accounts import SqlCounters, SqlWorkspaces
from bots.store._claimants import Claimants
from bots.store._claims import SqlClaims
from bots.store._database import Database
from bots.store._engine import open_engine
from bots.store._files import make_file
from bots.store._follows import SqlFollows
from bots.store._index import SqlIndex
from bots.store._ledger import SqlLedger
from bots.store._mailboxes import SqlMailboxes
from bots.store._plans import SqlPlans
from bots.store._readers import SqlReaders
from bots.store._secrets import Vault
from bots.store._server_time import ServerTime
from bots.store._shelf import SqlBlurbCache, SqlShelf
from bots.store._subscriptions import SqlSubscriptions
from bots.store._tastes import SqlTastes, SqlVectorCache
from bots.store._upkeep import SqlUpkeep
from bots.store.errors import translated
from bots.store.migrations import upgrade

#: Seconds to wait for another program that has the database locked.
PATIENCE = 5.0
#: The supported drivers, by the scheme that people write before the colon.
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+aiosqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
#: An address without its slashes, and the words that Postgres's own programs take.
_MISTYPED = re.compile(
    r"(?:sqlite|postgres|postgresql|mysql|mariadb)(?:\+\w+)?:|(?:.*\s)?(?:host|dbname|user|password)="
)
#: Postgres's own port.
_PORT = 5432
_FORMS = "Give the path of a file, or an address such as postgresql://user@host/paperwire."


class SqlStore(
    SqlSubscriptions,
    SqlLedger,
    SqlClaims,
    SqlShelf,
    SqlIndex,
    SqlBlurbCache,
    SqlVectorCache,
    SqlReaders,
    SqlTastes,
    SqlFollows,
    SqlCounters,
    SqlWorkspaces,
    SqlMailboxes,
    SqlPlans,
    SqlUpkeep,
):
    """Combines the stores of all tables; see `bots.ports.Store`."""

    def __init__(self, database: Database, vault: Vault, claimants: Claimants, time: ServerTime) -> None:
        self._database = database
        self._claimants = claimants
        self._time = time
        self._vault = vault


@asynccontextmanager
async def open_store(
    database: str | Path, *, patience: float = PATIENCE, keys: Sequence[str] = (), clock: Clock | None = None
) -> AsyncIterator[SqlStore]:
    """Open the database for the duration of the block; create or migrate it first.

    Args:
        database: the path of a file, `sqlite:///…`, or `postgresql://…`.
        patience: seconds to wait for another program that has it locked.
        keys: encrypt the tokens of workspaces, the newest first; not needed if there are no tokens.
        clock: returns the time of this machine, aware. With it, the times of claims are on the clock of a database's
            server, whatever the machines that share it take for the time. A file has one machine.

    Raises:
        SettingsError: the kind of database is unknown, its driver is not installed, or a key is not valid.
        StoreError: the database cannot be opened, is not a database, or is newer than this program.
    """
    url, vault = _address(database), Vault(keys)
    name = _shown(url)
    engine = _engine(url, patience)
    opened = Database(engine, name, _place(url))
    is_file = url.get_backend_name() == "sqlite"
    claimants, time = Claimants(url.database if is_file else None), ServerTime(None if is_file else clock)
    store, idle = SqlStore(opened, vault, claimants, time), False
    try:
        with translated(name, _place(url)):
            await asyncio.to_thread(_make_ready, url, name, patience)
        yield store
    finally:
        with suppress(StoreError):
            idle = not await store.has_claims()
        await opened.close()
        claimants.close(idle=idle)


def _make_ready(url: URL, name: str, patience: float) -> None:
    if url.get_backend_name() == "sqlite":
        make_file(Path(url.database or ""), name)
    upgrade(url, name, patience)


def _address(database: str | Path) -> URL:
    """Return the URL of a database that is given as a URL or as a path."""
    if isinstance(database, Path):
        return _file(str(database))
    if "://" not in database:
        # A file of that name would be made, with the password in it.
        if _MISTYPED.match(database):
            raise SettingsError("The database address has no `://`.", hint=_FORMS)
        return _file(database)
    try:
        url = make_url(database)
    except (ArgumentError, ValueError) as error:  # a port that is no number
        raise SettingsError("The database address cannot be read.", hint=_FORMS) from error
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise SettingsError(f"Paperwire cannot use the database {url.drivername!r}.", hint=_FORMS)
    return _file(url.database or "") if driver.startswith("sqlite") else url.set(drivername=driver)


def _file(path: str) -> URL:
    if path in ("", ":memory:"):
        raise SettingsError("The database needs the path of a file.", hint=_FORMS)
    return URL.create("sqlite", database=str(Path(path).expanduser().absolute()))


def _shown(url: URL) -> str:
    """Return the database's name for error messages, without its password."""
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database}"
    host = url.host or (str(url.query["host"]) if "host" in url.query else "this machine")
    return f"The database {url.database or url.username or 'postgres'} at {host}:{url.port or _PORT}"


def _place(url: URL) -> str:
    """Return the part of the name that only the operator may see."""
    return _shown(url).removeprefix("The database ")


def _engine(url: URL, patience: float) -> Engine:
    try:
        return open_engine(url, patience)
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"Postgres needs the package {error.name}, which is not installed.",
            hint="Install it where Paperwire is installed: pip install 'psycopg[binary]'",
        ) from error
