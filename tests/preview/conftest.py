"""The preview, served on this machine over the doubles of the outside world."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bots.domain.channels import Channel
from bots.domain.mail_addresses import read_sender
from bots.domain.subscriptions import Subscription
from bots.preview.http import open_preview
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, ToldSource, a_bench

SENDER = read_sender("Paperwire <papers@example.org>")
START = Subscription(id="", channel=Channel(platform="preview", channel="preview"), sources=("told",))


@dataclass(frozen=True, kw_only=True)
class Lab:
    """The preview, and who looks at it."""

    address: str
    bench: Bench
    web: httpx.AsyncClient

    async def get(self, path: str = "", *, headers: Mapping[str, str] | None = None, **query: str) -> httpx.Response:
        """Ask for something below the address of the preview."""
        return await self.web.get(f"{self.address}{path}", params=query or None, headers=dict(headers or {}))


@asynccontextmanager
async def a_lab(start: Subscription = START, **sources: ToldSource) -> AsyncIterator[Lab]:
    """Yield a preview that begins with a subscription, over these sources."""
    async with (
        a_bench(MemoryStore(), **sources) as bench,
        open_preview(bench.service, start, sender=SENDER, ticks=bench.clock.ticks) as address,
        httpx.AsyncClient(trust_env=False) as web,
    ):
        yield Lab(address=address, bench=bench, web=web)


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A preview of the five papers."""
    async with a_lab() as lab:
        yield lab


def given_(**values: Any) -> dict[str, Any]:
    """Return values as a form sends them."""
    return {"source": "told", **{name: str(value) for name, value in values.items()}}
