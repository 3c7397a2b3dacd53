"""Discord's limits over several processes: the bot's fifty requests a second, and what a refusal tells the others."""

import asyncio

import pytest

from bots.delivery.local_permits import LocalPermits
from bots.discord.rest_client import RestClient, rest
from bots.discord.settings import DiscordSettings
from bots.discord.transport import LIMITS, RequestBudget
from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.ports.permits import Lane, channel_lane, platform_lane
from summarizer import Secret
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.pacing import STRICT
from tests.fakes.discord.server import FakeDiscord
from tests.support.doubles import Hand

OF_THE_BOT = platform_lane("discord", LIMITS.platform)


class Noting(LocalPermits):
    """Permits that note which lanes were asked for or held."""

    def __init__(self) -> None:
        hand = Hand()
        super().__init__(ticks=hand.ticks, sleep=hand.pace)
        self.taken: list[str] = []
        self.held: list[tuple[str, float]] = []

    async def take(self, lane: Lane, *, within: float = float("inf")) -> str:
        self.taken.append(lane.key)
        return await super().take(lane, within=within)

    async def hold(self, lane: Lane, seconds: float) -> None:
        self.held.append((lane.key, seconds))


def settings_for(fake: FakeDiscord) -> DiscordSettings:
    return DiscordSettings(token=Secret(fake.hub.token), api_url=fake.api, listening=False)


async def test_two_processes_are_one_bot() -> None:
    """Two budgets with shared permits make a hundred requests in two seconds, and not in one."""
    hand = Hand()
    permits = LocalPermits(ticks=hand.ticks, sleep=hand.pace)
    budgets = [RequestBudget(ticks=hand.ticks, sleep=hand.pace, permits=permits) for _ in range(2)]
    began = hand.ticks()
    await asyncio.gather(*(budgets[number % 2].wait() for number in range(100)))
    assert 2.0 == pytest.approx(hand.ticks() - began, abs=0.1)


async def test_no_request_is_refused() -> None:
    """Two clients that post to ninety channels at once are never told that they are too fast."""
    permits = LocalPermits(ticks=asyncio.get_running_loop().time, sleep=asyncio.sleep)
    async with FakeDiscord(pace=STRICT, check=False) as fake:
        guild = fake.guild("Lab")
        fake.invite(guild)
        rooms = [fake.channel(f"room{number}", guild) for number in range(90)]
        async with (
            rest(settings_for(fake), RequestBudget(permits=permits)) as one,
            rest(settings_for(fake), RequestBudget(permits=permits)) as two,
        ):
            await asyncio.gather(*(_post((one, two)[place % 2], each.id) for place, each in enumerate(rooms)))
        assert [] == [each for each in fake.hub.happenings.of("call") if each.more.get("status") == 429]
        assert 90 == sum(len(room.messages) for room in rooms)


async def _post(client: RestClient, channel: str) -> None:
    await client.ask("POST", f"/channels/{channel}/messages", body={"content": "Ten papers"})


async def _refused_once(scope: str, permits: Noting) -> tuple[int, str]:
    """Post to a Discord that refuses the first attempt; return the permits that it took, and the channel."""
    async with FakeDiscord(check=False) as fake:
        guild = fake.guild("Lab")
        fake.invite(guild)
        room = fake.channel("papers", guild)
        async with rest(settings_for(fake), RequestBudget(permits=permits)) as client:
            fake.hub.faults.switch(Trouble.RATE_LIMITED, "POST /channels/*/messages", left=1, seconds=0.05, scope=scope)
            before = len(permits.taken)
            await _post(client, room.id)
            return len(permits.taken) - before, room.id


async def test_a_global_refusal_holds_the_bot() -> None:
    """A 429 of the whole bot holds its lane, and the library's second attempt takes a permit of its own."""
    permits = Noting()
    taken, _ = await _refused_once("global", permits)
    assert [OF_THE_BOT.key] == [key for key, _ in permits.held]
    assert 0 < permits.held[0][1] <= 1
    assert 2 == taken


async def test_a_refusal_of_a_bucket_holds_its_channel() -> None:
    """A 429 of a channel's bucket holds the posts of every process to that channel, and to no other."""
    permits = Noting()
    _, room = await _refused_once("user", permits)
    lane = channel_lane(Channel(platform="discord", workspace="any", channel=room), LIMITS.channel, by_workspace=False)
    assert [lane.key] == [key for key, _ in permits.held]


async def test_without_the_database_nothing_is_sent() -> None:
    """A request for which no permit can be counted fails, and Discord is not asked."""

    class Down(Noting):
        async def take(self, lane: Lane, *, within: float = float("inf")) -> str:  # noqa: ARG002 - the port's
            raise StoreError("The database that counts the rate limits does not answer.")

    async with FakeDiscord(check=False) as fake, rest(settings_for(fake), RequestBudget()) as client:
        client._budget._permits = Down()
        before = len(fake.hub.happenings.of("call"))
        with pytest.raises(StoreError):
            await client.ask("GET", "/users/@me")
        assert before == len(fake.hub.happenings.of("call"))
