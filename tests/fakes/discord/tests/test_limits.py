"""Rate limits as documented, and their effect on calls."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.fakes.discord.pacing import STRICT
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.tests.conftest import Clock
from tests.fakes.discord.tests.rest import AGENT, Rest


@pytest.fixture
async def strict(clock: Clock) -> AsyncIterator[FakeDiscord]:
    """A fake Discord with strict rate limits."""
    async with FakeDiscord(clock=clock, pace=replace(STRICT, invalid=3)) as discord:
        discord.invite(discord.guild())
        yield discord


async def test_a_channel_takes_five_messages_in_five_seconds(strict: FakeDiscord, clock: Clock) -> None:
    """The headers count down, the sixth message is refused, other channels are unaffected, and the bucket refills."""
    papers, other = strict.channel("papers"), strict.channel("other")
    async with Rest(strict) as rest:
        told = [await rest.post(papers.id, "One") for _ in range(6)]
        assert ["4", "3", "2", "1", "0"] == [each.headers["X-RateLimit-Remaining"] for each in told[:5]]
        assert (429, "user", 5.0) == (told[5].status, told[5].headers["X-RateLimit-Scope"], told[5].body["retry_after"])
        assert 200 == (await rest.post(other.id, "One")).status
        assert told[0].headers["X-RateLimit-Bucket"] == told[5].headers["X-RateLimit-Bucket"]
        clock.now += 5
        assert 200 == (await rest.post(papers.id, "One")).status


async def test_fifty_calls_a_second_are_the_most(strict: FakeDiscord, clock: Clock) -> None:
    """The fifty-first call in a second exceeds the global limit; responses to interactions do not count."""
    async with Rest(strict) as rest:
        told = [await rest("GET", f"/channels/{strict.channel(str(n)).id}") for n in range(51)]
        assert {200} == {each.status for each in told[:50]}
        assert (429, True, "true") == (told[50].status, told[50].body["global"], told[50].headers["X-RateLimit-Global"])
        assert 404 == (await rest("POST", "/interactions/1/token/callback", {"type": 5})).status
        clock.now += 1
        assert 200 == (await rest("GET", "/users/@me")).status


async def test_too_many_invalid_calls_shut_the_address_out(strict: FakeDiscord, clock: Clock) -> None:
    """After too many invalid calls, every client gets a page without Via for ten minutes."""
    headers = {"User-Agent": AGENT}
    async with Rest(strict, **headers) as stranger, Rest(strict) as rest:
        for _ in range(4):
            assert 401 == (await stranger("GET", "/users/@me")).status
        told = await rest("GET", "/users/@me")
        assert (429, False) == (told.status, "Via" in told.headers)
        clock.now += 601
        assert 200 == (await rest("GET", "/users/@me")).status


async def test_two_hundred_commands_a_day(strict: FakeDiscord, clock: Clock) -> None:
    """The 201st new command in a day is refused; unchanged commands do not count."""
    path = f"/applications/{strict.hub.application_id}/commands"
    async with Rest(strict) as rest:
        first, second, third = ([{"name": f"c{turn}-{n}", "description": "d"} for n in range(100)] for turn in range(3))
        assert 200 == (await rest("PUT", path, first)).status
        assert 200 == (await rest("PUT", path, second)).status
        assert 30034 == (await rest("PUT", path, third)).code
        assert 200 == (await rest("PUT", path, second)).status
        clock.now += 86_401
        assert 200 == (await rest("PUT", path, third)).status
