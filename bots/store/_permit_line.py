"""One connection for the counts of permits: a single round trip for each question, and a bounded wait for a server.

It is not one of the store's: those have transactions of several round trips, and wait for one another. No option is set
that a pooler would refuse; a commit that changed only a table that is not logged waits for no disk.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, LiteralString

import psycopg

from bots.domain.errors import StoreError

_log = logging.getLogger(__name__)

#: Seconds that one question may take. Counting takes less than a millisecond.
_ANSWER = 5.0
#: Seconds between two attempts to connect to a server that is down.
_AGAIN = 0.25
#: Seconds between two attempts after the server has been given up.
_PROBE = 1.0


class PermitLine:
    """A connection to Postgres that is opened when it is needed, and again when it is lost."""

    def __init__(self, address: str, *, ticks: Callable[[], float], patience: float) -> None:
        """Remember the address.

        Args:
            address: the database, as libpq reads it.
            ticks: returns monotonic seconds.
            patience: seconds that a question waits for a server that is down; when it has been down for that long,
                questions fail at once.
        """
        self._address = address
        self._ticks = ticks
        self._patience = patience
        self._turn = asyncio.Lock()
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._down_since: float | None = None
        self._next_probe = float("-inf")
        #: Questions that were answered.
        self.asked = 0

    async def ask(self, statement: LiteralString, values: Mapping[str, object]) -> Any:
        """Execute a statement in a transaction of its own, and return its first row if it returns any.

        Raises:
            StoreError: the server does not answer.
        """
        async with self._turn:
            while True:
                self._fail_if_down()
                try:
                    return await self._answer(statement, values)
                except (psycopg.OperationalError, psycopg.InterfaceError, OSError, TimeoutError) as error:
                    await self._failed(error)
                except psycopg.Error as error:
                    await self.close()
                    raise StoreError(f"The rate limits cannot be counted: {_said(error)}.") from error
                await asyncio.sleep(_AGAIN)

    async def _answer(self, statement: LiteralString, values: Mapping[str, object]) -> Any:
        try:
            async with asyncio.timeout(_ANSWER):
                if self._connection is None:
                    self._connection = await psycopg.AsyncConnection.connect(
                        self._address, autocommit=True, connect_timeout=round(_ANSWER)
                    )
                cursor = await self._connection.execute(statement, values)
                row = await cursor.fetchone() if cursor.description else None
        except asyncio.CancelledError:
            # Its answer would be read as that of the next question.
            await self.close()
            raise
        if self._down_since is not None:
            _log.info("the database counts rate limits again")
        self._down_since = None
        self.asked += 1
        return row

    def _fail_if_down(self) -> None:
        """Raise at once, but for a probe now and then, if the server has been down for longer than anybody waits."""
        now = self._ticks()
        if self._down_since is None or now - self._down_since < self._patience:
            return
        if now < self._next_probe:
            raise StoreError("The database that counts the rate limits does not answer.", hint="Check the server.")
        self._next_probe = now + _PROBE

    async def _failed(self, error: Exception) -> None:
        """Drop the connection; raise if the server has been down for longer than anybody waits."""
        await self.close()
        now = self._ticks()
        if self._down_since is None:
            self._down_since = now
            _log.warning("the database does not count rate limits", extra={"error": _said(error)})
        if now - self._down_since >= self._patience:
            self._next_probe = now + _PROBE
            raise StoreError(
                "The database that counts the rate limits does not answer.", hint="Check the server."
            ) from error

    async def close(self) -> None:
        """Close the connection; the next question opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


def _said(error: Exception) -> str:
    """Return the first line of an error, which names no password."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
