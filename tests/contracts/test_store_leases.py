"""The contract of every store for leases: `bots.ports.Leases`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from bots.ports import Store
from bots.store.sql import open_store
from tests.store.stores import KINDS, WITH_TABLES, address, at, opened

ONE = "blurb of one paper"


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


async def test_one_holder_at_a_time(store: Store) -> None:
    """The first holder has the work until it gives it back; other work is free; the holder itself prolongs it."""
    assert await store.take_lease(ONE, "a", now=at(0), until=at(5))
    assert not await store.take_lease(ONE, "b", now=at(1), until=at(6))
    assert await store.take_lease("another", "b", now=at(1), until=at(6))
    assert await store.take_lease(ONE, "a", now=at(4), until=at(9))
    assert not await store.take_lease(ONE, "b", now=at(6), until=at(11))
    await store.end_lease(ONE, "a")
    assert await store.take_lease(ONE, "b", now=at(6), until=at(11))


async def test_a_dead_holder_is_replaced(store: Store) -> None:
    """When its lease has expired, exactly one other has the work, and the first can neither prolong nor end it."""
    await store.take_lease(ONE, "dead", now=at(0), until=at(5))
    assert await store.take_lease(ONE, "b", now=at(5), until=at(10))
    assert not await store.take_lease(ONE, "dead", now=at(6), until=at(11))
    await store.end_lease(ONE, "dead")
    assert not await store.take_lease(ONE, "c", now=at(7), until=at(12))


async def test_of_many_at_once_one_has_it(store: Store) -> None:
    """However many ask at the same time."""
    taken = await asyncio.gather(*(store.take_lease(ONE, f"{one}", now=at(0), until=at(5)) for one in range(20)))
    assert 1 == sum(taken)


@pytest.mark.parametrize("kind", WITH_TABLES)
async def test_of_many_connections_one_has_it(kind: str, tmp_path: Path) -> None:
    """Programs with connections of their own to one database are held to it too."""
    with address(kind, tmp_path) as place:
        async with AsyncExitStack() as stack:
            stores = [await stack.enter_async_context(open_store(place)) for _ in range(4)]
            for turn in range(5):
                asked = (
                    one.take_lease(f"{ONE} {turn}", f"{number}", now=at(0), until=at(5))
                    for number, one in enumerate(stores)
                )
                assert 1 == sum(await asyncio.gather(*asked))


async def test_old_leases_are_deleted(store: Store) -> None:
    """A lease that a dead process left is deleted a day after it is over, and one that holds is not."""
    await store.take_lease(ONE, "dead", now=at(0), until=at(5))
    assert 0 == await store.expire(now=at(6))
    assert 1 == await store.expire(now=at(6) + timedelta(days=1))
    assert 0 == await store.expire(now=at(6) + timedelta(days=1))
