"""One database: its connections, its transactions, and its errors told as ours."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bots.channels import Channel
from bots.store.errors import PRIMARY, told
from bots.store.tables import tenant

_Thing = TypeVar("_Thing")

#: Names at most so many values in one statement; SQLite before 3.32 allows 999, Postgres 65535.
CHUNK = 500

#: FULL, because NORMAL may lose the last commits on power loss, which would be a message posted twice; measured
#: through this stack it costs 15 % of the writes a second.
_PRAGMAS = ("synchronous = FULL", "foreign_keys = ON")
#: How often a file that another process is just making is tried again. Seconds.
_AGAIN = 0.02

#: Any number that nothing else in the same Postgres locks: "shelf" in hexadecimal ASCII.
_TURN = 0x7368656C66
#: Says that a transaction will write; read when it begins.
_WRITES = "paperwire_writes"


class Database:
    """Gives out transactions.

    SQLite lets one write at a time and serves those who wait without order, so within this process they queue here.
    """

    def __init__(self, engine: AsyncEngine, name: str) -> None:
        self._reader = engine
        self._writer = engine.execution_options(**{_WRITES: True})
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        #: The database as a reader knows it, without a password.
        self.name = name
        self._under_way = 0
        self._at_rest = asyncio.Event()
        self._at_rest.set()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._under_way += 1
        self._at_rest.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._at_rest.set()

    async def rest(self, seconds: float) -> None:
        """Return when no transaction is under way, or after so many seconds.

        One whose task was cancelled still rolls back; without its connection it would wait for that for ever.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._at_rest.wait(), seconds)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection that reads one state of the database.

        Raises:
            StoreError: the database cannot be read.
        """
        with told(self.name), self._counted():
            async with self._reader.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose changes are all made, durably, when the block ends, or none of them if it raises.

        Raises:
            StoreError: the database cannot be written.
        """
        with told(self.name), self._counted():
            async with self._turn, self._writer.begin() as connection:
                yield connection

    async def rows(self, query: Select[Any]) -> Sequence[Any]:
        """Return every row a query finds, in a transaction of its own."""
        async with self.reading() as connection:
            found: Sequence[Any] = (await connection.execute(query)).all()
            return found

    async def first(self, query: Select[Any]) -> Any:
        """Return the first row a query finds, None where there is none."""
        async with self.reading() as connection:
            return (await connection.execute(query)).first()


def upsert(connection: AsyncConnection, table: Table) -> Any:
    """Return an INSERT that can say what happens on a conflict; each database has its own."""
    return _INSERTS[connection.dialect.name](table)


async def inserted(connection: AsyncConnection, statement: Any) -> bool:
    """Carry out an INSERT and tell whether it made or changed a row."""
    # Without the option SQLAlchemy does not count what an INSERT made.
    done = await connection.execute(statement.execution_options(preserve_rowcount=True))
    return done.rowcount == 1


_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


async def tenant_of(connection: AsyncConnection, channel: Channel) -> int:
    """Return the id of a channel's tenant, made when it is first met."""
    where = {"platform": channel.platform, "workspace": channel.workspace}
    known = select(tenant.c.id).filter_by(**where)
    found: int | None = await connection.scalar(known)
    if found is None:
        await connection.execute(upsert(connection, tenant).values(**where, status="active").on_conflict_do_nothing())
        found = (await connection.execute(known)).scalar_one()
    return found


async def take_turns(connection: AsyncConnection) -> None:
    """Wait until no other transaction that takes turns is under way; in SQLite none that writes ever is."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_TURN)))


def chunks(things: Iterable[_Thing]) -> Iterator[list[_Thing]]:
    """Give the things in lists short enough for one statement."""
    everything = list(things)
    return (everything[start : start + CHUNK] for start in range(0, len(everything), CHUNK))


def open_engine(url: URL, patience: float) -> AsyncEngine:
    """Return the engine of a database, set up as every connection must be."""
    engine = create_async_engine(url, json_serializer=_to_json, **_options(url, patience))
    _prepare(engine.sync_engine, patience)
    return engine


def open_blocking_engine(url: URL, patience: float) -> Engine:
    """Return the same for a thread of its own, with connections that are closed when they are given back."""
    drivername = "sqlite" if url.get_backend_name() == "sqlite" else url.drivername
    engine = create_engine(url.set(drivername=drivername), poolclass=NullPool, **_options(url, patience))
    _prepare(engine, patience)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_to_wal, patience))
    return engine.execution_options(**{_WRITES: True})


_to_json = partial(json.dumps, allow_nan=False)


def _options(url: URL, patience: float) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": patience}}
    # A server may close a connection that has long been idle, so it is tried before use. libpq reads whole seconds.
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": max(1, round(patience))}}


def _prepare(engine: Engine, patience: float) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_set_up, patience))
        event.listen(engine, "begin", _begin)


def _set_up(patience: float, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin transactions in its own way, and not before the first write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {round(patience * 1000)}", *_PRAGMAS):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _to_wal(patience: float, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Let readers go on while one writes: a property of the file, set before its first table."""
    # Of two processes that do so at once SQLite refuses one without waiting, whatever the timeout
    # (7 of 1200 openings of a new file by four processes).
    cursor = connection.cursor()
    for left in reversed(range(1 + round(patience / _AGAIN))):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & PRIMARY != sqlite3.SQLITE_BUSY or not left:
                raise
            time.sleep(_AGAIN)
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another wrote in between, whatever the
    # timeout; one that says at its beginning that it will write waits for its turn.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
