"""A subscription whose channel is gone is paused as it stands then, and not as it stood when its digest began."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bots.delivery.admin_notices import AdminNotices
from bots.domain.subscriptions import Subscription
from bots.fakechat.faults import Fault
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, a_bench
from tests.support.factories import CHANNEL
from tests.support.scenes import due


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


@pytest.mark.parametrize("ended", [True, False])
async def test_a_pause_undoes_nothing_that_happened_meanwhile(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, *, ended: bool
) -> None:
    """A subscription that is ended or edited while its digest fails is not brought back, and keeps the edit."""

    async def meanwhile(_self: AdminNotices, _about: str, subscription: Subscription, _error: object) -> None:
        if ended:
            await bench.store.drop_subscription("order")
        else:
            await bench.store.keep_subscription(replace(subscription, query="robots"))

    monkeypatch.setattr(AdminNotices, "_tell_owners", meanwhile)
    bench.chat.trouble(Fault.GONE, CHANNEL.channel)
    await due(bench)
    subscription = await bench.store.subscription("order")
    expected = None if ended else ("robots", False)
    assert expected == (subscription and (subscription.query, subscription.enabled))
