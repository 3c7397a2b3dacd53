"""Searches take turns: however many one client sends, the search of another is not behind all of them."""

import asyncio
from collections.abc import AsyncIterator, Collection
from typing import Any

import pytest

from bots.search.records import Matches, WordCounts
from bots.store.memory import MemoryStore
from tests.web.conftest import Browser, a_browser
from tests.web.scenes import numbered


class Gated(MemoryStore):
    """A store whose searches wait until they are let through."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.changed = asyncio.Event(), asyncio.Condition()
        self.waiting = 0

    async def _pass(self) -> None:
        async with self.changed:
            self.waiting += 1
            self.changed.notify_all()
        await self.open.wait()

    async def until(self, number: int) -> None:
        """Return when so many searches wait."""
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: self.waiting >= number)

    async def word_counts(self, stems: Collection[str]) -> WordCounts:
        """Wait, then count."""
        await self._pass()
        return await super().word_counts(stems)

    async def find_papers(self, *args: Any, **more: Any) -> Matches:
        """Wait, then find."""
        await self._pass()
        return await super().find_papers(*args, **more)


@pytest.fixture
async def gated() -> AsyncIterator[Browser]:
    """A browser at a site whose searches wait."""
    store = Gated()
    async with a_browser(store) as browser:
        await browser.store.remember([numbered(1)], source="told", day=browser.bench.clock().date(), place=None)
        yield browser


@pytest.mark.parametrize("address", ["/search?q=number+word{}", "/feeds/search.atom?q=number{}"])
async def test_a_client_searches_once_at_a_time(gated: Browser, address: str) -> None:
    """Of eight searches of one client one is under way, so that of another begins at once."""
    store = gated.store
    assert isinstance(store, Gated)
    async with asyncio.TaskGroup() as group:
        greedy = [
            group.create_task(gated.get(address.format(number), **{"X-Forwarded-For": "192.0.2.1"}))
            for number in range(8)
        ]
        await store.until(1)
        other = group.create_task(gated.get(address.format(99), **{"X-Forwarded-For": "192.0.2.2"}))
        await store.until(2)
        # What was sent before has come by then.
        for _ in range(3):
            await gated.get("/paste", **{"X-Forwarded-For": "192.0.2.3"})
        assert 2 == store.waiting
        store.open.set()
    assert {200} == {each.result().status for each in (*greedy, other)}
