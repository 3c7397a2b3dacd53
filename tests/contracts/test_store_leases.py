"""The contract of leases between processes, for every store: one process has a thing, and a dead one loses it."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from bots.domain.leases import Lease
from bots.ports import Store
from bots.store.sql import open_store
from tests.store.stores import KINDS, WITH_TABLES, address, at, opened
from tests.support.factories import NOW

KIND = "thing"


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


async def test_one_holder_at_a_time(store: Store) -> None:
    """The first has it and may renew it; another gets it when it has lapsed or was given up."""
    assert {"one", "two"} == await store.hold_leases(KIND, ["one", "two"], holder="a", now=NOW, until=at(1))
    assert {"three"} == await store.hold_leases(KIND, ["two", "three"], holder="b", now=NOW, until=at(1))
    assert {"two"} == await store.hold_leases("other", ["two"], holder="b", now=NOW, until=at(1))
    assert {"one"} == await store.hold_leases(KIND, ["one"], holder="a", now=at(0.5), until=at(2))
    assert set() == await store.hold_leases(KIND, ["one"], holder="b", now=at(1.5), until=at(3))
    assert {"two"} == await store.hold_leases(KIND, ["two"], holder="b", now=at(1.5), until=at(3))
    await store.end_leases(KIND, ["one", "two"], holder="a")
    assert {"one"} == await store.hold_leases(KIND, ["one"], holder="c", now=at(1.5), until=at(3))
    assert set() == await store.hold_leases(KIND, ["two"], holder="c", now=at(1.5), until=at(3))


async def test_the_leases_are_listed(store: Store) -> None:
    """Those that have not lapsed, with what their holder says of them."""
    await store.hold_leases(KIND, ["b", "a"], holder="one", now=NOW, until=at(2), note="connected")
    await store.hold_leases(KIND, ["c"], holder="two", now=NOW, until=at(1))
    await store.hold_leases("other", ["d"], holder="two", now=NOW, until=at(2))
    expected = [Lease(name=name, holder="one", until=at(2), note="connected") for name in ("a", "b")]
    assert expected == list(await store.leases(KIND, now=at(1.5)))


async def test_a_lease_can_be_taken_from_a_named_holder(store: Store) -> None:
    """What replaces a live holder is refused if another one has it meanwhile."""
    await store.hold_leases(KIND, ["count"], holder="8", now=NOW, until=at(1))
    assert {"count"} == await store.hold_leases(KIND, ["count"], holder="9", now=NOW, until=at(1), instead_of="8")
    assert set() == await store.hold_leases(KIND, ["count"], holder="10", now=NOW, until=at(1), instead_of="8")


async def test_an_event_can_be_undone(store: Store) -> None:
    """An event whose handling failed counts as new once more."""
    assert await store.once("event", "1", now=NOW)
    await store.undo_once("event", "1")
    await store.undo_once("event", "2")
    assert [True, False] == [await store.once("event", "1", now=NOW) for _ in range(2)]


@pytest.mark.parametrize("kind", WITH_TABLES)
async def test_many_at_once_and_one_wins(kind: str, tmp_path: Path) -> None:
    """Of eight processes that take the same leases at the same instant, each lease has one holder."""
    with address(kind, tmp_path) as place:
        async with AsyncExitStack() as stack:
            stores = [await stack.enter_async_context(open_store(place)) for _ in range(4)]
            names = [str(number) for number in range(6)]
            won = await asyncio.gather(
                *(
                    stores[place % 4].hold_leases(
                        KIND, names[:: 1 if place % 2 else -1], holder=str(place), now=NOW, until=at(1)
                    )
                    for place in range(8)
                )
            )
    assert sorted(names) == sorted(name for each in won for name in each)


async def _held(place: str) -> None:
    async with open_store(place) as store:
        now, until = NOW, NOW + timedelta(days=1)
        assert {"one"} == await store.hold_leases(KIND, ["one"], holder="dead", now=now, until=until)
        os.kill(os.getpid(), signal.SIGKILL)


def _hold(place: str) -> None:
    asyncio.run(_held(place))


async def test_a_process_that_died_on_this_machine_has_nothing(tmp_path: Path) -> None:
    """With a file the end of a process is known at once: a restart does not wait until the leases have lapsed."""
    with address("sqlite", tmp_path) as place:
        dying = multiprocessing.get_context("spawn").Process(target=_hold, args=(place,))
        dying.start()
        await asyncio.to_thread(dying.join, 60)
        async with open_store(place) as store:
            assert () == await store.leases(KIND, now=NOW)
            assert {"one"} == await store.hold_leases(KIND, ["one"], holder="b", now=NOW, until=at(1))
