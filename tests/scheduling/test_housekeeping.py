"""Housekeeping: once a day what is old is deleted, in batches that never hold up the schedule for long."""

from datetime import datetime, time, timedelta

from bots.domain.retention import Pruned, Retention
from bots.domain.runs import RunState
from bots.domain.slots import Slot
from bots.scheduling.housekeeping import Housekeeping
from bots.store.memory import MemoryStore
from tests.store.stores import a_run
from tests.support.factories import DAY, NOW

LATER = NOW + timedelta(days=300)


class Counting(MemoryStore):
    """A store that counts how often it is asked to delete something, and deletes a run per batch."""

    def __init__(self) -> None:
        super().__init__()
        self.expired = 0
        self.batches: list[Pruned] = []

    async def expire(self, *, now: datetime) -> int:
        """Count the call."""
        self.expired += 1
        return await super().expire(now=now)

    async def prune(self, kept: Retention, *, now: datetime, most: int) -> Pruned:
        """Delete at most one run, however many may be deleted."""
        self.batches.append(await super().prune(kept, now=now, most=min(most, 1)))
        return self.batches[-1]


async def with_old_runs(count: int) -> Counting:
    """Return a store with some runs that ended long ago, one a day."""
    store = Counting()
    for days in range(count):
        run = a_run("gone", Slot(day=DAY - timedelta(days=days), time=time(9)))
        await store.open_run(run)
        await store.move_run(run.key, RunState.DONE, now=NOW)
    return store


async def test_it_happens_once_a_day() -> None:
    """A second look on the same day does nothing; the next day's does it again."""
    store = await with_old_runs(3)
    keeping = Housekeeping(store, Retention())
    await keeping.look(LATER)
    assert ((), 1, 4) == (await store.runs(), store.expired, len(store.batches))
    await keeping.look(LATER + timedelta(hours=23))
    assert (1, 4) == (store.expired, len(store.batches))
    await keeping.look(LATER + timedelta(hours=24))
    assert (2, 5) == (store.expired, len(store.batches))


async def test_a_large_clean_up_is_spread_over_several_looks() -> None:
    """After a bounded number of batches the schedule has its turn, and the next look continues."""
    store = await with_old_runs(50)
    keeping = Housekeeping(store, Retention())
    left = []
    for minutes in range(4):
        await keeping.look(LATER + timedelta(minutes=minutes))
        left.append(len(await store.runs(limit=100)))
    assert [30, 10, 0, 0] == left
    assert 1 == store.expired


async def test_with_no_end_nothing_is_pruned() -> None:
    """A retention of 0 days keeps every run."""
    store = await with_old_runs(3)
    await Housekeeping(store, Retention(run_days=0, paper_days=0)).look(LATER)
    assert 3 == len(await store.runs())
