"""Keeps the database from growing: once a day what has reached its end is deleted, a little at a time."""

import asyncio
import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from bots.domain.retention import Pruned, Retention
from bots.ports import Store

_log = logging.getLogger(__name__)

#: Things are kept for weeks, so a day more or less does not matter.
_EVERY = timedelta(days=1)
#: Runs or papers in a transaction: it takes a few hundredths of a second, for which a post may have to wait.
BATCH = 100
#: Batches at a time; the rest waits for the next call, a minute later. Behind them digests have their turn.
_BATCHES = 20


class Housekeeping:
    """Deletes old texts, runs and papers from a store."""

    def __init__(self, store: Store, retention: Retention) -> None:
        self._store = store
        self._retention = retention
        self._begun: datetime | None = None
        #: What this day's clean-up has deleted so far; None if it is complete.
        self._pruned: Pruned | None = None

    async def look(self, now: datetime) -> None:
        """Begin the day's clean-up if it is due, or continue it.

        Raises:
            StoreError: the database cannot be written.
        """
        if self._begun is None or abs(now - self._begun) >= _EVERY:
            self._begun, self._pruned = now, Pruned()
            gone = await self._store.expire(now=now)
            if gone:
                _log.info("old texts were deleted", extra={"rows": gone})
        for _ in range(_BATCHES):
            if self._pruned is None:
                break
            await self._prune(self._pruned, now)
            await asyncio.sleep(0)

    async def _prune(self, before: Pruned, now: datetime) -> None:
        batch = await self._store.prune(self._retention, now=now, most=BATCH)
        if batch.rows:
            self._pruned = before + batch
            return
        self._pruned = None
        if before.rows:
            _log.info("old rows were deleted", extra=asdict(before))
