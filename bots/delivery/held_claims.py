"""The runs that this process has claimed, and their release after the database failed: a claim lasts for minutes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bots.domain.errors import StoreError
from bots.domain.runs import RunState
from bots.ports import Clock, Ledger

#: How often to try whether the database answers again.
_EVERY = timedelta(seconds=1)
#: When a released run is continued: not at once, in case it is this run that makes the database fail.
_AFTER = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldClaims:
    """The keys of the runs that are ours, or may be: the answer to a claim may be lost."""

    keys: set[str] = field(default_factory=set)

    async def claim(self, key: str, ledger: Ledger, now: datetime, until: datetime) -> bool:
        """Claim a run; return True for exactly one caller."""
        self.keys.add(key)
        won = await ledger.claim(key, now=now, until=until)
        if not won:
            self.keys.discard(key)
        return won

    async def let_go(
        self, key: str, ledger: Ledger, clock: Clock, pause: Callable[[float], Awaitable[bool]], *, within: timedelta
    ) -> None:
        """Release a run of ours once the database answers.

        Args:
            key: the run.
            ledger: the ledger that failed.
            clock: the current time.
            pause: sleeps for some seconds; returns False at once if the process is to stop.
            within: how long to try: after it the claim may be another process's.
        """
        for _ in range(int(within / _EVERY)):
            if key not in self.keys or not await pause(_EVERY.total_seconds()):
                return
            with suppress(StoreError):
                run = await ledger.run(key)
                if run is not None and run.state is RunState.RUNNING:
                    now, note = clock(), "the database failed; it is continued"
                    await ledger.move_run(key, RunState.QUEUED, now=now, note=note, not_before=now + _AFTER)
                return


async def paused(seconds: float, sleep: Callable[[float], Awaitable[None]], stopping: asyncio.Event) -> bool:
    """Sleep for some seconds, or until the process is to stop; return False if it is."""
    ends = {asyncio.ensure_future(sleep(seconds)), asyncio.ensure_future(stopping.wait())}
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
    return not stopping.is_set()
