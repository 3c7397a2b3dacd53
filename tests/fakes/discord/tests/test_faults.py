"""Injected faults, as discord.py and a raw client experience them."""

import asyncio

import aiohttp
import discord
import pytest

from tests.fakes.discord.faults import Faults, Trouble
from tests.fakes.discord.problems import Timeout
from tests.fakes.discord.tests.bot import point_at, running
from tests.fakes.discord.tests.conftest import Lab
from tests.fakes.discord.tests.rest import Rest

POSTING = "POST /channels/*/messages"


def shown(lab: Lab) -> list[str]:
    """Return the messages in the channel."""
    return [seen.text for seen in lab.discord.messages(lab.papers)]


@pytest.mark.parametrize(
    ("trouble", "status", "done"),
    [
        (Trouble.DOWN_BEFORE, 503, False),
        (Trouble.DOWN_AFTER, 502, True),
        (Trouble.RATE_LIMITED, 429, False),
        (Trouble.CLOUDFLARE, 429, False),
        (Trouble.REFUSED, 403, False),
    ],
)
async def test_a_trouble_strikes_once_and_the_post_is_done_or_not(
    lab: Lab, rest: Rest, trouble: Trouble, status: int, done: bool
) -> None:
    """Each trouble has its own response, and the post is in the channel exactly if it was made before the failure."""
    fault = lab.discord.hub.faults.switch(trouble, POSTING, left=1)
    told = await rest.post(lab.papers.id, "One")
    assert status == told.status
    assert (trouble is not Trouble.CLOUDFLARE and trouble.name[:4] != "DOWN") is ("Via" in told.headers)
    assert (["One"] if done else []) == shown(lab)
    assert 200 == (await rest.post(lab.papers.id, "Two")).status
    assert 1 == fault.struck


@pytest.mark.parametrize(("trouble", "done"), [(Trouble.ANSWER_LOST, True), (Trouble.RESET, False)])
async def test_a_connection_is_cut_before_or_after(lab: Lab, rest: Rest, trouble: Trouble, done: bool) -> None:
    """A lost answer leaves the post in the channel; a reset connection leaves none."""
    lab.discord.hub.faults.switch(trouble, POSTING, left=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await rest.post(lab.papers.id, "One")
    assert (["One"] if done else []) == shown(lab)


@pytest.mark.parametrize(("trouble", "done"), [(Trouble.HANGS, False), (Trouble.HALF_OPEN, True)])
async def test_silence_lasts_until_the_client_gives_up(lab: Lab, rest: Rest, trouble: Trouble, done: bool) -> None:
    """A hanging call is not carried out; one on a half-open connection is."""
    lab.discord.hub.faults.switch(trouble, POSTING)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await rest.post(lab.papers.id, "One")
    assert (["One"] if done else []) == shown(lab)


async def test_a_slow_answer_comes_when_it_is_let_go(lab: Lab, rest: Rest) -> None:
    """A slow call is carried out at once and answered when it is released."""
    lab.discord.hub.faults.switch(Trouble.SLOW, POSTING, seconds=0)
    posting = asyncio.create_task(rest.post(lab.papers.id, "One"))
    await lab.discord.until(lambda: shown(lab))
    assert not posting.done()
    lab.discord.hub.faults.release()
    assert 200 == (await posting).status


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_a_rate_limit_says_whose_it_is(lab: Lab, rest: Rest, scope: str) -> None:
    """A 429 response carries its scope, and the seconds to wait in header and body."""
    lab.discord.hub.faults.switch(Trouble.RATE_LIMITED, "*", left=1, scope=scope, seconds=1.5)
    told = await rest.post(lab.papers.id, "One")
    assert (scope, "2", 1.5) == (
        told.headers["X-RateLimit-Scope"],
        told.headers["Retry-After"],
        told.body["retry_after"],
    )
    assert (scope == "global") is told.body["global"]


async def test_the_library_posts_once_after_a_lost_answer_under_the_same_nonce(lab: Lab) -> None:
    """discord.py does not retry after a lost answer, and a second call with the same nonce posts nothing new."""
    point_at(lab.discord)
    client = discord.Client(intents=discord.Intents.none())
    async with client:
        await client.login(lab.discord.hub.token)
        place = client.get_partial_messageable(int(lab.papers.id))
        lab.discord.hub.faults.switch(Trouble.ANSWER_LOST, POSTING, left=1)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await place.send("One", nonce="n1")
        await place.send("One", nonce="n1")
    assert ["One"] == shown(lab)


async def test_an_interaction_comes_late_and_is_dead(lab: Lab) -> None:
    """An interaction that is released after more than three seconds can no longer be answered (10062)."""
    async with running(lab.discord):
        lab.discord.hub.faults.switch(Trouble.LATE, "/paper help", seconds=0)
        it = await lab.ada.uses("/paper help", lab.papers, wait=False)
        await lab.discord.until(lambda: lab.discord.hub.happenings.of("fault"))
        lab.clock.now += 4
        lab.discord.hub.faults.release()
        await lab.discord.until(
            lambda: [c for c in lab.discord.hub.happenings.of("call") if c.more["error"].get("code") == 10062]
        )
    assert not it.acked
    assert [] == lab.ada.sees(lab.papers)


async def test_an_interaction_that_comes_twice_is_answered_once(lab: Lab) -> None:
    """The second response to the same interaction is refused with 40060."""
    async with running(lab.discord):
        lab.discord.hub.faults.switch(Trouble.INTERACTION_TWICE, "/summarize", left=1)
        await lab.ada.uses("/summarize", lab.papers)
        await lab.discord.until(
            lambda: [c for c in lab.discord.hub.happenings.of("call") if c.more["error"].get("code") == 40060]
        )
    assert ["In short: 1"] == shown(lab)


async def test_an_interaction_is_replayed_after_the_connection_was_cut(lab: Lab) -> None:
    """An interaction whose connection was dropped reaches the app when the session is resumed."""
    gateway = lab.discord.hub.gateway
    async with running(lab.discord):
        lab.discord.hub.faults.switch(Trouble.DROPPED, "/summarize", left=1)
        await lab.ada.uses("/summarize", lab.papers)
        await lab.ada.reads("In short", lab.papers)
        assert (1, 1) == (len(gateway.identified), gateway.resumed)


async def test_a_refused_handshake_ends_the_library(lab: Lab) -> None:
    """discord.py without shards fails when its first handshake is refused: the app must start it again."""
    point_at(lab.discord)
    lab.discord.hub.faults.switch(Trouble.HANDSHAKE, left=1)
    client = discord.Client(intents=discord.Intents.none())
    with pytest.raises((AttributeError, aiohttp.ClientError)):
        await client.start(lab.discord.hub.token)
    await client.close()
    assert 1 == lab.discord.hub.gateway.refused


async def test_a_fault_keeps_to_its_channel_its_count_and_its_turn(lab: Lab, rest: Rest) -> None:
    """A fault applies only in its channel, only `left` times, and only after it let `skip` calls pass."""
    other = lab.discord.channel("other", lab.guild)
    lab.discord.hub.faults.switch(Trouble.REFUSED, POSTING, channel=other.id, left=1, skip=1, code=50001)
    assert 200 == (await rest.post(lab.papers.id, "One")).status
    assert 200 == (await rest.post(other.id, "One")).status
    assert 50001 == (await rest.post(other.id, "Two")).code
    assert 200 == (await rest.post(other.id, "Three")).status


def test_chance_is_the_same_for_the_same_seed() -> None:
    """A fault with a probability applies to the same calls for the same seed."""
    struck = []
    for _ in range(2):
        faults = Faults(seed=7)
        faults.switch(Trouble.REFUSED, chance=0.5)
        struck.append([faults.of_call("GET /users/@me", "") is not None for _ in range(20)])
    assert struck[0] == struck[1]
    assert {True, False} == set(struck[0])


async def test_healed_means_healed(lab: Lab, rest: Rest) -> None:
    """After heal() no fault applies."""
    lab.discord.hub.faults.switch(Trouble.DOWN_BEFORE)
    lab.discord.hub.faults.heal()
    assert 200 == (await rest("GET", "/users/@me")).status


async def test_what_does_not_happen_is_said_with_what_did(lab: Lab) -> None:
    """A timeout reports the missing message and the latest log entries."""
    with pytest.raises(Timeout, match="a message with 'Never' did not happen within"):
        await lab.ada.reads("Never", lab.papers, within=0.01)
