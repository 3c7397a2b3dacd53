"""The contract of every store for leases between processes whose clocks differ: part of `bots.ports.Ledger`."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.domain.runs import DeliveryState
from bots.ports import Store
from tests.store.stores import KINDS, at, one, opened, planned
from tests.support.factories import NOW


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


async def test_a_lease_that_was_watched_to_its_end_is_over(store: Store) -> None:
    """A caller that has watched an attempt's lease expire gets the part, whatever the clocks say, and only one does."""
    (key, *_) = [part.key for part in await planned(store)]
    assert await store.lease(key, now=at(1440), until=at(1441))
    assert not await store.lease(key, now=NOW, until=at(1), attempts=1)
    assert not await store.lease(key, now=NOW, until=at(1), attempts=0, lapsed=True)
    won = await asyncio.gather(*(store.lease(key, now=NOW, until=at(1), attempts=1, lapsed=True) for _ in range(8)))
    assert 1 == sum(won)
    part = await one(store, key)
    assert (2, at(1)) == (part.attempts, part.lease_until)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.AMBIGUOUS, DeliveryState.DEAD])
async def test_a_part_that_is_finished_has_no_lease_to_watch(store: Store, state: DeliveryState) -> None:
    """A part that is not being sent is not leased to a caller that has watched an earlier lease expire."""
    (key, *_) = [part.key for part in await planned(store)]
    assert await store.lease(key, now=NOW, until=at(1))
    if state is DeliveryState.SENT:
        await store.confirm(key, "m1", now=at(1))
    else:
        await store.release(key, state)
    assert not await store.lease(key, now=at(2), until=at(3), attempts=1, lapsed=True)


async def test_the_platforms_time_of_the_first_attempt_stays(store: Store) -> None:
    """The first known time of the platform is kept: a search begins there, whichever attempt posted the message."""
    (key, *_) = [part.key for part in await planned(store)]
    assert await store.lease(key, now=NOW, until=at(1))
    assert (await one(store, key)).posted_after is None
    assert await store.lease(key, now=at(1), until=at(2), posted_after=at(700))
    assert await store.lease(key, now=at(2), until=at(3), posted_after=at(800))
    assert await store.lease(key, now=at(3), until=at(4))
    assert at(700) == (await one(store, key)).posted_after


async def test_an_attempt_that_does_not_count(store: Store) -> None:
    """An attempt that is released as not counted leaves the number of attempts as it was, and never below zero."""
    part = (await planned(store))[0]
    await store.lease(part.key, now=NOW, until=at(1))
    await store.release(part.key, DeliveryState.PLANNED, error="token_revoked", counted=False)
    assert 0 == (await one(store, part.key)).attempts
    await store.release(part.key, DeliveryState.PLANNED, counted=False)
    assert await store.lease(part.key, now=at(2), until=at(3), attempts=0)
