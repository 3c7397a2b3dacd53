"""Discord's clock and this machine's: a message is found by Discord's, and a wrong clock is told."""

from datetime import UTC, datetime, timedelta

import pytest

from bots.bootstrap.app import utc_now
from bots.discord.health import check_health
from bots.store.memory import MemoryStore
from tests.discord.conftest import founded
from tests.discord.posting import digest_for, place, room_in
from tests.discord.test_health import set_up, wrong
from tests.fakes.discord.server import FakeDiscord


async def test_a_message_is_found_by_discords_time() -> None:
    """With Discord's clock years from this machine's, its time is read from its answers, and a message found by it."""
    theirs = datetime(2031, 3, 4, 5, 6, 7, tzinfo=UTC)
    async with FakeDiscord(clock=theirs.timestamp) as discord:
        founded(discord)
        papers = discord.channel("papers")
        here = place(discord, papers)
        async with room_in(discord) as adapter:
            since = await adapter.platform_time()
            assert since is not None
            assert timedelta() <= since - theirs < timedelta(minutes=1)
            (part,) = adapter.compose(digest_for(here))
            message = await adapter.post(part, "run-1")
            assert message == await adapter.find(here, "run-1", since)
            assert await adapter.find(here, "run-1", theirs + timedelta(minutes=5)) is None


@pytest.mark.parametrize(("ahead", "said"), [(330, "5 minutes"), (-86_430, "1 day")])
async def test_a_wrong_clock_is_a_finding(discord: FakeDiscord, ahead: int, said: str) -> None:
    """If this machine's clock differs from Discord's, the finding says by how much, and how to set it right."""
    settings = await set_up(discord)
    away = timedelta(seconds=ahead)

    def clock() -> datetime:
        return datetime.fromtimestamp(discord.hub.clock(), UTC) + away

    (fault,) = wrong(await check_health(settings, MemoryStore(), clock))

    assert "discord clock" == fault.name
    assert fault.says.startswith(f"this machine's clock is wrong: it is {said}")
    assert fault.says.endswith("ahead of Discord's" if ahead > 0 else "behind Discord's")
    assert "NTP" in fault.fix


async def test_a_right_clock_is_told_as_well(discord: FakeDiscord) -> None:
    """If this machine's clock agrees with Discord's, the doctor says so."""
    settings = await set_up(discord)
    found = await check_health(settings, MemoryStore(), utc_now)
    assert "this machine's clock agrees with Discord's" in [each.says for each in found]
