"""A claim whose run the database interrupted is released as soon as the database answers, and only if it is ours."""

from datetime import timedelta
from typing import Any

import pytest

from bots.delivery.held_claims import HeldClaims
from bots.domain.errors import StoreError
from bots.domain.runs import Run, RunState
from bots.store.memory import MemoryStore
from tests.store.stores import a_run
from tests.support.factories import NOW

CLAIM = timedelta(minutes=6)
KEY = a_run().key


class Away:
    """A ledger whose database is away for some calls."""

    def __init__(self, store: MemoryStore, calls: int) -> None:
        self._store, self.left = store, calls

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        async def call(*arguments: Any, **named: Any) -> Any:
            if self.left:
                self.left -= 1
                raise StoreError("the database is away")
            return await method(*arguments, **named)

        return call


class Pauses:
    """Counts pauses; the process is to stop at one of them."""

    def __init__(self, stops_at: int = 0) -> None:
        self.count, self._stops_at = 0, stops_at

    async def __call__(self, _seconds: float) -> bool:
        """Return whether the process goes on."""
        self.count += 1
        return self.count != self._stops_at


@pytest.fixture
async def store() -> MemoryStore:
    """A store with one run."""
    made = MemoryStore()
    await made.open_run(a_run())
    return made


async def after(store: MemoryStore, claims: HeldClaims, away: int, pauses: Pauses) -> Run:
    """Let the run go while the database is away for some calls, and return it."""
    ledger: Any = Away(store, away)
    await claims.let_go(KEY, ledger, lambda: NOW, pauses, within=timedelta(seconds=20))
    run = await store.run(KEY)
    assert run
    return run


async def test_it_is_released_when_the_database_is_back(store: MemoryStore) -> None:
    """After the first attempt that succeeds it is queued, and continued ten seconds later."""
    claims, pauses = HeldClaims(), Pauses()
    assert await claims.claim(KEY, store, NOW, NOW + CLAIM)
    run = await after(store, claims, 7, pauses)
    assert (RunState.QUEUED, NOW + timedelta(seconds=10), 8) == (run.state, run.not_before, pauses.count)


async def test_the_claim_of_another_process_stays(store: MemoryStore) -> None:
    """Who lost the claim releases nothing."""
    assert await store.claim(KEY, now=NOW, until=NOW + CLAIM)
    claims = HeldClaims()
    assert not await claims.claim(KEY, store, NOW, NOW + CLAIM)
    assert RunState.RUNNING == (await after(store, claims, 0, Pauses())).state


async def test_a_claim_whose_answer_was_lost_counts_as_ours(store: MemoryStore) -> None:
    """The database may have recorded it before it went away."""
    claims = HeldClaims()
    with pytest.raises(StoreError):
        await claims.claim(KEY, Away(store, 1), NOW, NOW + CLAIM)
    assert await store.claim(KEY, now=NOW, until=NOW + CLAIM)
    assert RunState.QUEUED == (await after(store, claims, 0, Pauses())).state


@pytest.mark.parametrize(("away", "pauses"), [(100, Pauses()), (3, Pauses(stops_at=2))], ids=["too long", "stopping"])
async def test_it_is_left_to_expire(store: MemoryStore, away: int, pauses: Pauses) -> None:
    """A database that stays away, and a process that is to stop, are waited for no longer."""
    claims = HeldClaims()
    assert await claims.claim(KEY, store, NOW, NOW + CLAIM)
    assert RunState.RUNNING == (await after(store, claims, away, pauses)).state
    assert pauses.count <= 20
