"""Engines of SQLAlchemy with the settings that every connection to a database needs."""

import json
import sqlite3
import time
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bots.store._scope import EVERYBODYS
from bots.store.errors import PRIMARY

#: FULL, because NORMAL may lose the last commits on power loss, and a lost commit means a message posted twice;
#: measured through this stack, FULL costs 15 % of the writes per second. The cache is half of SQLite's default for each
#: connection: rows are found by their keys, and five connections each cache the same file as it grows. Deleted content
#: is overwritten with zeros, because the text of a workspace that left must not stay in free pages of the file.
_PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "cache_size = -1024", "secure_delete = ON")
#: How libpq finds a line dead on which nothing comes through any more: otherwise a query waits for as long as the
#: system sends it again, some fifteen minutes. Data that is not acknowledged in 20 s, or three unanswered probes after
#: 10 s of silence, end the connection (postgresql.org, Database Connection Control Functions).
DEAD_LINE = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
#: Seconds between two attempts to open a file that another process is creating.
_AGAIN = 0.02

#: A server closes connections after minutes without use, and all of them when it is restarted, which takes a second.
_IDLE = 1.0
#: When a connection was last given back, among what the pool notes of it.
_USED = "paperwire_used"

#: Marks a transaction that will write; read when the transaction begins.
WRITES = "paperwire_writes"


def open_engine(url: URL, patience: float, **more: Any) -> Engine:
    """Return the engine of a database, with the settings that every connection needs."""
    engine = create_engine(url, json_serializer=_to_json, **_options(url, patience), **more)
    _prepare(engine, patience)
    return engine


def open_blocking_engine(url: URL, patience: float) -> Engine:
    """Return an engine for changing the tables; its connections are closed when they are released."""
    engine = open_engine(url, patience, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_to_wal, patience))
    else:
        event.listen(engine, "begin", EVERYBODYS.say)
    return engine.execution_options(**{WRITES: True})


_to_json = partial(json.dumps, allow_nan=False)


def _options(url: URL, patience: float) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        # One thread at a time uses a connection, but not always the same thread.
        return {"connect_args": {"timeout": patience, "check_same_thread": False}}
    # libpq reads whole seconds. Statements are not prepared on the server: behind a pooler in transaction mode the next
    # one may reach another session, which does not know them.
    watched = {name: value for name, value in DEAD_LINE.items() if name not in url.query}
    return {"connect_args": {"connect_timeout": max(1, round(patience)), "prepare_threshold": None, **watched}}


def _prepare(engine: Engine, patience: float) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_set_up, patience))
        event.listen(engine, "begin", _begin)
        return
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_test_if_idle, engine.dialect))


def _note_use(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_USED] = time.monotonic()


def _test_if_idle(dialect: Dialect, connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Replace a connection that the server has closed; a test is a round trip, so one that was just used has none."""
    if time.monotonic() - entry.info.get(_USED, 0.0) < _IDLE:
        return
    try:
        alive = dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        alive = False
    if not alive:
        # The pool opens another one.
        raise DisconnectionError("the server has closed an idle connection")


def _set_up(patience: float, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin transactions itself, and only before the first write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {round(patience * 1000)}", *_PRAGMAS):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _to_wal(patience: float, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Switch the file to WAL, so that readers continue during a write.

    The mode is a property of the file and is set before its first table exists.
    """
    # If two processes switch at the same time, SQLite refuses one of them without waiting, whatever the timeout (7 of
    # 1200 openings of a new file by four processes).
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
    # A transaction that reads first and writes later fails at once if another one wrote in between, whatever the
    # timeout; BEGIN IMMEDIATE waits for the write lock instead.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
