"""Digests of a channel are made one after another, by whichever process: together they would choose the same papers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from weakref import WeakValueDictionary

from bots.domain.channels import Channel
from bots.ports import Clock, Ledger

#: Seconds between two attempts while another process makes a digest for the channel: it takes a few seconds.
_AGAIN = 1.0
#: After this time the run is put off: the process that makes the other digest may have died.
_PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelTurns:
    """Gives each run its turn in its channel."""

    #: Held while this process makes a digest of the channel; removed when no task holds it.
    _here: WeakValueDictionary[Channel, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @asynccontextmanager
    async def of(
        self, run_key: str, channel: Channel, ledger: Ledger, clock: Clock, pause: Callable[[float], Awaitable[bool]]
    ) -> AsyncIterator[bool]:
        """Wait for a claimed run's turn, and yield whether it came.

        The turn ends when the run's parts are recorded or the run is released: see `bots.ports.Ledger.reserve`.

        Args:
            run_key: the run.
            channel: the channel that its digest is for.
            ledger: the ledger that all processes share.
            clock: the current time.
            pause: sleeps for some seconds; returns False at once if the process is to stop.
        """
        async with self._here.setdefault(channel, asyncio.Lock()):
            begun = clock()
            while not await ledger.reserve(run_key, channel, now=clock()):
                if abs(clock() - begun) >= _PATIENCE or not await pause(_AGAIN):
                    yield False
                    return
            yield True
