"""Discord's refusals, and what they mean for a digest."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bots.discord.app import DiscordAdapter
from bots.domain.errors import ChannelGone, DeliveryError, HistoryClosed, PostRefused, PostTooLarge, PostUnknown
from tests.discord.conftest import founded
from tests.discord.posting import digest_for, found, place, room_in, shown
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.server import FakeDiscord

_POST = "POST /channels/*/messages"


@pytest.fixture
async def adapter(discord: FakeDiscord) -> AsyncIterator[DiscordAdapter]:
    """The adapter as it ships."""
    founded(discord)
    async with room_in(discord) as opened:
        yield opened


@pytest.mark.parametrize(
    ("denied", "hint"),
    [(Permissions.VIEW_CHANNEL, "View Channel"), (Permissions.SEND_MESSAGES, "Send Messages")],
)
async def test_a_channel_that_shuts_us_out_is_gone(
    discord: FakeDiscord, adapter: DiscordAdapter, denied: Permissions, hint: str
) -> None:
    """A channel without a permission is gone until someone fixes it, and the error says how."""
    papers = discord.channel("papers", denied=denied)
    (part,) = adapter.compose(digest_for(place(discord, papers)))
    with pytest.raises(ChannelGone) as refused:
        await adapter.post(part, "run-1")
    assert f"Paperwire lacks the permission {hint} in" in str(refused.value)
    assert f"Edit Channel, Permissions, add Paperwire, allow {hint}." in refused.value.hint


async def test_a_history_that_cannot_be_read_is_closed(discord: FakeDiscord, adapter: DiscordAdapter) -> None:
    """Without Read Message History Discord returns an empty list, which must not be mistaken for a missing message."""
    papers = discord.channel("papers", denied=Permissions.READ_MESSAGE_HISTORY)
    here = place(discord, papers)
    assert await found(adapter, here, "run-1") is None
    (part,) = adapter.compose(digest_for(here))
    await adapter.post(part, "run-1")
    with pytest.raises(HistoryClosed):
        await found(adapter, here, "run-1")


@pytest.mark.parametrize(
    ("fault", "error", "retry_after"),
    [
        ({"trouble": Trouble.RATE_LIMITED, "seconds": 40.0}, PostRefused, 40.0),
        ({"trouble": Trouble.CLOUDFLARE}, PostRefused, None),
        ({"trouble": Trouble.REFUSED, "code": 50035}, PostTooLarge, None),
        ({"trouble": Trouble.REFUSED, "code": 10003}, ChannelGone, None),
        ({"trouble": Trouble.REFUSED, "code": 200000}, ChannelGone, None),
        ({"trouble": Trouble.RESET}, PostUnknown, None),
        ({"trouble": Trouble.DOWN_BEFORE, "status": 503}, PostUnknown, None),
    ],
    ids=lambda each: str(each.get("code", each["trouble"])) if isinstance(each, dict) else None,
)
async def test_each_refusal_is_understood(
    discord: FakeDiscord,
    adapter: DiscordAdapter,
    fault: dict[str, Any],
    error: type[DeliveryError],
    retry_after: float | None,
) -> None:
    """Each refusal raises its own error and posts nothing, and a retry succeeds."""
    papers = discord.channel("papers")
    (part,) = adapter.compose(digest_for(place(discord, papers)))
    given = dict(fault)
    discord.hub.faults.switch(given.pop("trouble"), _POST, left=1, **given)
    with pytest.raises(error) as refused:
        await adapter.post(part, "run-1")
    assert retry_after == pytest.approx(getattr(refused.value, "retry_after", None))
    assert [] == shown(discord, papers)
    await adapter.post(part, "run-1")
    assert 1 == len(shown(discord, papers))


async def test_a_short_rate_limit_is_sat_out(discord: FakeDiscord, adapter: DiscordAdapter) -> None:
    """The library waits out a short rate limit within the same call."""
    papers = discord.channel("papers")
    (part,) = adapter.compose(digest_for(place(discord, papers)))
    discord.hub.faults.switch(Trouble.RATE_LIMITED, _POST, left=1, seconds=0.05)
    assert await adapter.post(part, "run-1")
