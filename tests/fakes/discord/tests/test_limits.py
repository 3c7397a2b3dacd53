"""Rate limits as the documents give them, and how the real client keeps to them."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.fakes.discord.pacing import STRICT
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.tests.conftest import Clock
from tests.fakes.discord.tests.rest import AGENT, Rest


@pytest.fixture
async def strict(clock: Clock) -> AsyncIterator[FakeDiscord]:
    """A Discord that counts."""
    async with FakeDiscord(clock=clock, pace=replace(STRICT, invalid=3)) as discord:
        discord.invite(discord.guild())
        yield discord


async def test_a_channel_takes_five_messages_in_five_seconds(strict: FakeDiscord, clock: Clock) -> None:
    """Headers count down, the sixth message waits, another channel does not, and the bucket fills again."""
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
    """The fifty-first call of a second is limited globally; answers to interactions do not count."""
    async with Rest(strict) as rest:
        told = [await rest("GET", f"/channels/{strict.channel(str(n)).id}") for n in range(51)]
        assert {200} == {each.status for each in told[:50]}
        assert (429, True, "true") == (told[50].status, told[50].body["global"], told[50].headers["X-RateLimit-Global"])
        assert 404 == (await rest("POST", "/interactions/1/token/callback", {"type": 5})).status
        clock.now += 1
        assert 200 == (await rest("GET", "/users/@me")).status


async def test_too_many_invalid_calls_shut_the_address_out(strict: FakeDiscord, clock: Clock) -> None:
    """After so many invalid calls everybody gets a page without Via, for ten minutes."""
    headers = {"User-Agent": AGENT}
    async with Rest(strict, **headers) as stranger, Rest(strict) as rest:
        for _ in range(4):
            assert 401 == (await stranger("GET", "/users/@me")).status
        told = await rest("GET", "/users/@me")
        assert (429, False) == (told.status, "Via" in told.headers)
        clock.now += 601
        assert 200 == (await rest("GET", "/users/@me")).status


async def test_two_hundred_commands_a_day(strict: FakeDiscord, clock: Clock) -> None:
    """The two hundred and first new command of a day is refused; unchanged ones cost nothing."""
    path = f"/applications/{strict.hub.application_id}/commands"
    async with Rest(strict) as rest:
        first, second, third = ([{"name": f"c{turn}-{n}", "description": "d"} for n in range(100)] for turn in range(3))
        assert 200 == (await rest("PUT", path, first)).status
        assert 200 == (await rest("PUT", path, second)).status
        assert 30034 == (await rest("PUT", path, third)).code
        assert 200 == (await rest("PUT", path, second)).status
        clock.now += 86_401
        assert 200 == (await rest("PUT", path, third)).status
