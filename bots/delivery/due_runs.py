"""Opens one run for the newest due slot, and records earlier missed slots as skipped."""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bots.domain.runs import Run, RunState, run_key
from bots.domain.slots import Due, Slot, due_at, missed
from bots.domain.subscriptions import Subscription
from bots.ports import Adapters, Clock, Ledger, Observer, Unobserved

_log = logging.getLogger(__name__)

#: Maximum delay after which a slot is still posted.
WINDOW = timedelta(hours=6)
#: Slots older than this are not even recorded as skipped: the machine was off for a season.
_LONGEST_GAP = timedelta(days=31)
#: How much the clocks of two machines that both are right may differ.
_APART = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class DueRuns:
    """Opens the runs that are due."""

    ledger: Ledger
    adapters: Adapters
    clock: Clock
    #: A slot older than this is skipped, and its papers come with the next digest.
    window: timedelta = WINDOW
    observer: Observer = field(default_factory=Unobserved)

    async def open_due(self, subscription: Subscription) -> str | None:
        """Open the run of the newest due slot and record older missed slots as skipped; return its key if we opened it.

        A subscription for a platform that is not connected here is left to the process that has the platform.
        """
        if subscription.channel.platform not in self.adapters:
            return None
        now = self.clock()
        slots = missed(subscription, await self._since(subscription, now), now)
        if not slots:
            return None
        *older, newest = slots
        for old in older:
            await self._skip(subscription, old, now)
        if now - newest.at > self.window:
            await self._skip(subscription, newest, now)
            return None
        run = _run(subscription, newest, now)
        if not await self.ledger.open_run(run) and not await self._reopened(run, now):
            return None
        late = (now - newest.at).total_seconds()
        self.observer.run_opened(late)
        _log.info("a run was opened", extra={"run": run.key, "late": late})
        return run.key

    async def _since(self, subscription: Subscription, now: datetime) -> datetime:
        """Return the instant after which slots count as missed: the last recorded slot, or the subscription's creation.

        A slot recorded for the future is ignored: the clock was wrong when it was recorded. One that was skipped while
        the clock was wrong is due now.
        """
        last = await self.ledger.last_run(subscription.id, until=Slot.at(now, subscription.timezone))
        placed = max(subscription.created or now, now - _LONGEST_GAP)
        if last is None:
            return placed
        at = due_at(subscription, last.slot).at
        return max(placed, at - timedelta(microseconds=1) if _was_skipped_early(last, now) else at)

    async def _reopened(self, run: Run, now: datetime) -> bool:
        """Queue a run again whose slot was skipped by a clock that was ahead; return whether it was."""
        kept = await self.ledger.run(run.key)
        if kept is None or not _was_skipped_early(kept, now):
            return False
        await self.ledger.move_run(run.key, RunState.QUEUED, now=now, note="skipped while the clock was wrong")
        return True

    async def _skip(self, subscription: Subscription, due: Due, now: datetime) -> None:
        note = f"missed by {(now - due.at).total_seconds() / 3600:.1f} h; the next digest covers its papers"
        # At once: between two steps another process might carry it out.
        run = replace(_run(subscription, due, now), state=RunState.SKIPPED, finished=now, note=note)
        if await self.ledger.open_run(run):
            self.observer.run_ended(RunState.SKIPPED, (now - due.at).total_seconds())
            _log.warning("a slot was skipped", extra={"run": run.key, "note": note})


def _was_skipped_early(run: Run, now: datetime) -> bool:
    """Return whether a run was recorded as skipped by a clock that was ahead of today's."""
    # It was opened so, or a worker whose clock is ahead took it for late.
    ahead = run.created > now or (run.finished is not None and run.finished > now + _APART)
    return run.state is RunState.SKIPPED and ahead


def _run(subscription: Subscription, due: Due, now: datetime) -> Run:
    return Run(key=run_key(subscription.id, due.slot), subscription_id=subscription.id, slot=due.slot, created=now)
