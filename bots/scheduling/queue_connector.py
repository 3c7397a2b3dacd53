"""A connection to the job queue that outlasts a restart of its server: a statement waits until it is there again.

Without it a worker of the library ends when one statement fails, and with it what it has under way; and a job that was
carried out while the server was away stays under way for ever, because its end was not recorded.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, TypeVar

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from bots.domain.errors import StoreAway, StoreError
from bots.scheduling.outages import Outage

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

#: Seconds between two attempts.
_AGAIN = 0.5
#: Seconds that a statement waits for a connection, and that the pool tries to make one. The pool doubles its pauses
#: between attempts: with more time it would notice a server that was away for long only as long after its return.
_PATIENCE, _RECONNECT = 5.0, 4.0
#: What a statement has that defers jobs: done twice it would defer them twice.
_DEFERS = "procrastinate_defer_"
#: Seconds after which an attempt that fails was a connection that was lost, and no server that is away.
_LASTED = 10.0
_Line = psycopg.AsyncConnection[Any]


def _pool(**options: Any) -> AsyncConnectionPool[_Line]:
    """Return a pool that drops all its idle connections when it finds one that the server has closed.

    A server that is restarted closes them all. The library would find them one by one, with a growing pause after each,
    and with three of them a statement would fail though the server is there.
    """
    made: AsyncConnectionPool[_Line]

    async def check(connection: _Line) -> None:
        try:
            await AsyncConnectionPool.check_connection(connection)
        except psycopg.Error as error:
            _log.debug("a connection to the job queue was closed by its server", extra={"error": str(error)})
            await made.drain()
            raise

    made = AsyncConnectionPool(**{**options, "check": check})
    return made


class QueueConnector(PsycopgConnector):
    """Connects to the queue's database; statements of the worker are repeated while its server is away."""

    def __init__(self, address: str, connections: int) -> None:
        """Remember the address, as libpq reads it, and how many connections to hold at most."""
        super().__init__(
            pool_factory=_pool,
            conninfo=address,
            min_size=1,
            max_size=connections,
            timeout=_PATIENCE,
            reconnect_timeout=_RECONNECT,
        )
        #: Whether the server is away; told once.
        self.outage = Outage(_log, "the job queue")
        self._stopping = False

    def stop(self) -> None:
        """Repeat no statement any more: the program is ending."""
        self._stopping = True

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Execute a statement without an answer: a sign of life, or the end of a job.

        The end of a job that another worker was given meanwhile, and has ended, is no failure.
        """
        try:
            await self._repeated(lambda: super(QueueConnector, self).execute_query_async(query, **arguments))
        except ConnectorException as error:
            # The queue's own functions raise it, for a job that is not there: no task waits for the library's answer.
            if not isinstance(error.__cause__, psycopg.errors.RaiseException):
                raise
            _log.info("a job had ended before", extra={"why": str(error.__cause__)})

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """Execute a statement and return its row: the next job."""
        return await self._repeated(lambda: super(QueueConnector, self).execute_query_one_async(query, **arguments))

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """Execute a question and return its rows; it is asked once more if its connection was closed meanwhile."""
        try:
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
            return rows
        except ConnectorException as error:
            closed = isinstance(error.__cause__, psycopg.OperationalError) and not isinstance(
                error.__cause__, PoolTimeout
            )
            if self._stopping or not closed or _DEFERS in query:
                raise
        again: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
        return again

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Pass on what the server tells about new jobs; runs until it is cancelled."""
        told = tuple(channels)
        await self._repeated(lambda: super(QueueConnector, self).listen_notify(on_notification, told))

    async def _repeated(self, attempt: Callable[[], Awaitable[_T]]) -> _T:
        # A connection that was lost is opened again without a word: one failure does not mean that the server is away.
        failed = False
        while True:
            began = time.monotonic()
            try:
                done = await attempt()
            except ConnectorException as error:
                if self._stopping or not isinstance(error.__cause__, psycopg.OperationalError):
                    raise
                if failed and time.monotonic() - began < _LASTED:
                    self.outage.lost(error.__cause__)
                    await asyncio.sleep(_AGAIN)
                failed = True
            else:
                self.outage.over()
                return done


@contextmanager
def translated() -> Iterator[None]:
    """Say what the driver said, and whether the server cannot be reached; the library says only "Database error."."""
    try:
        yield
    except (ConnectorException, psycopg.OperationalError) as error:
        # The library's own words are "Database error."; the driver says what it was.
        said = " ".join(str(error.__cause__ or error).split())
        away = isinstance(error.__cause__ or error, psycopg.OperationalError)
        kind = StoreAway if away else StoreError
        raise kind(f"The job queue could not be used: {said}", hint="Check the Postgres server.") from error
