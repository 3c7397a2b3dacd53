"""Which workers of the queue still have the connection that shows their presence: the server knows when a process ends.

The system closes the connections of a process with it, however it ends, and of a process that is slow or frozen it
closes none. So a missing connection tells a dead worker from one whose signs of life are late because its machine is
overloaded. It is a hint, and not proof: a network can lose a connection, too.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress

import psycopg

from bots.scheduling.outages import Outage

_log = logging.getLogger(__name__)

#: The first half of the name of each lock, so that no other program's locks are taken for workers: "work" in ASCII.
LOCKS = int.from_bytes(b"work")
_TAKE = "SELECT pg_try_advisory_lock_shared(%s, %s)"
#: A query for the numbers of the workers that are present.
PRESENT = f"""
    SELECT objid::bigint FROM pg_locks
     WHERE locktype = 'advisory' AND classid::bigint = {LOCKS} AND objsubid = 2 AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""  # noqa: S608 - a number
#: Seconds for a server that answers nothing.
_PATIENCE = 10.0
#: Attempts in a row that fail until it is told that others succeed meanwhile: after an outage they are not all at once.
_TRIES = 3
#: Which workers are alive is ours to know: the library's table of them has no queues. Each process may be the first.
WORKERS = """
DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('paperwire_workers'));
    CREATE TABLE IF NOT EXISTS paperwire_workers (
        name text NOT NULL, queue text NOT NULL, slots integer NOT NULL, seen timestamptz NOT NULL,
        PRIMARY KEY (name, queue)
    );
END $$
"""


class Presence:
    """Shows that workers of this process are there, and remembers which others were seen."""

    def __init__(self, address: str, numbers: Callable[[], Collection[int]], outage: Outage, pause: float) -> None:
        """Remember how to show it.

        Args:
            address: the database, as libpq reads it.
            numbers: returns the numbers of this process's workers in the queue.
            outage: what is told when the server is away.
            pause: seconds between two looks.
        """
        self._address, self._numbers, self._outage, self._pause = address, numbers, outage, pause
        self._seen: set[int] = set()
        #: Whether the last attempt made a connection, and how many since then made none.
        self._was_there = False
        self._failures = 0
        #: A server without room for one more connection: the queue's other ones go on.
        self._alone = Outage(_log, "the database, to show that this worker is there,")

    @property
    def seen(self) -> list[int]:
        """The workers that were present since this process lost its own connection last.

        If the server is restarted, or the network fails, the connections of all are lost at once, which says nothing
        of a single one; so then all are forgotten.
        """
        return sorted(self._seen)

    async def show(self) -> None:
        """Be present until cancelled."""
        while True:
            try:
                await self._connected()
            except (psycopg.OperationalError, TimeoutError) as error:
                # A connection that was lost is made again without a word; a server that accepts none is away.
                if not self._was_there:
                    self._tell(error)
            self._was_there = False
            self._seen.clear()
            await asyncio.sleep(self._pause)

    def _tell(self, error: Exception) -> None:
        """Tell that no connection can be made: once, though the queue's other statements end each outage they can."""
        self._failures += 1
        if self._failures == 1:
            self._outage.lost(error)
        elif self._failures >= _TRIES and not self._outage.lasts:
            self._alone.lost(error)

    async def _connected(self) -> None:
        async with asyncio.timeout(_PATIENCE):
            connection = await psycopg.AsyncConnection.connect(self._address, autocommit=True)
        self._was_there, self._failures = True, 0
        self._alone.over()
        held: set[int] = set()
        try:
            while True:
                async with asyncio.timeout(_PATIENCE):
                    held |= await self._taken(connection, set(self._numbers()) - held)
                    found = await connection.execute(PRESENT)
                    present = {int(number) for (number,) in await found.fetchall()}
                # Behind a pooler that shares its connections, a lock ends when the pooler closes the one that has it.
                held &= present
                self._seen.update(present)
                await asyncio.sleep(self._pause)
        except (psycopg.OperationalError, TimeoutError):
            """A connection that ends is made again; only a server that cannot be reached then is told of."""
        finally:
            with suppress(psycopg.Error):
                await connection.close()

    @staticmethod
    async def _taken(connection: psycopg.AsyncConnection[tuple[int, ...]], numbers: Collection[int]) -> set[int]:
        """Hold the locks of more workers, and return their numbers."""
        for number in numbers:
            await connection.execute(_TAKE, (LOCKS, number))
        return set(numbers)
