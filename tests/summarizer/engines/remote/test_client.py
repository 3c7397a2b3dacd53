"""Claims about the client of a server: pauses, circuit breaker, budget, limits; over real sockets, without waiting."""

import asyncio
import logging
import socket
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from summarizer import EngineDown, Secret
from summarizer.engines.remote.circuit_breaker import Budget
from tests.fakes.completions_server import Reply
from tests.summarizer.engines.remote.remotes import ABSTRACT, BLURB, World, a_world
from tests.support.doubles import Hand

DOWN = Reply(status=503)


async def fails(world: World, match: str) -> None:
    with pytest.raises(EngineDown, match=match):
        await world.engine.summarize(ABSTRACT)


@pytest.mark.parametrize("reply", [DOWN, Reply(status=429), Reply(status=500), Reply(cut=0), Reply(cut=40)])
async def test_what_may_pass_is_tried_again(reply: Reply) -> None:
    """After a busy response or a broken connection, the request is retried, with pauses that double."""
    async with a_world() as world:
        world.server.script(reply, reply)
        blurb = await world.engine.summarize(ABSTRACT)

    assert (BLURB, [1.0, 2.0]) == (blurb.text, world.clock.slept)


async def test_a_server_says_how_long_to_wait() -> None:
    """`Retry-After` is obeyed, in seconds and as a date by the server's own clock."""
    dated = {"Retry-After": "Tue, 24 Nov 2026 09:00:07 GMT", "Date": "Tue, 24 Nov 2026 09:00:00 GMT"}
    async with a_world() as world:
        world.server.script(Reply(status=429, headers={"Retry-After": "11"}), Reply(status=429, headers=dated))
        await world.engine.summarize(ABSTRACT)

    assert [11.0, 7.0] == world.clock.slept


async def test_a_long_pause_is_not_waited_for() -> None:
    """If the server requests too long a pause, the call fails, and no request is sent until the pause ends."""
    async with a_world() as world:
        world.server.script(Reply(status=429, headers={"Retry-After": "600"}))
        await fails(world, r"HTTP 429\.")
        await fails(world, r"retried in 10 min\.")
        world.clock.turn(seconds=601)
        assert BLURB == (await world.engine.summarize(ABSTRACT)).text

    assert ([], 2) == (world.clock.slept, len(world.server.calls))


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "refuses the key"),
        (403, "refuses the key"),
        (404, "the model"),
        (413, "too long"),
        (418, "refuses .HTTP 418"),
    ],
)
async def test_what_will_not_pass_is_not_tried_again(status: int, says: str) -> None:
    """A permanent refusal raises an error in one sentence, after one request."""
    async with a_world() as world:
        world.server.script(Reply(status=status))
        await fails(world, says)

    assert 1 == len(world.server.calls)


async def test_a_wrong_key_is_named_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    """A refused key raises an error about the key; the key itself is in no message, log or representation."""
    caplog.set_level(logging.DEBUG)
    async with a_world(key=Secret("sk-canary-4711")) as world:
        world.server.key = "another"
        with pytest.raises(EngineDown) as caught:
            await world.engine.summarize(ABSTRACT)

    shown = caplog.text + repr(caught.value) + repr(vars(world.engine)) + str(Secret("sk-canary-4711"))
    assert "refuses the key" in str(caught.value)
    assert "sk-canary" not in shown


async def test_a_redirect_is_not_followed() -> None:
    """Key and abstract are sent to the configured address and nowhere else."""
    async with a_world() as world, a_world() as elsewhere:
        world.server.script(*[Reply(status=307, headers={"Location": elsewhere.server.url + "/v1/chat/completions"})])
        await fails(world, "redirects")
        world.server.script(Reply(status=302, headers={"Location": "http://[broken"}))
        await fails(world, "redirect")

    assert [] == elsewhere.server.calls


async def test_an_answer_is_bounded() -> None:
    """A response is read up to the size limit and no further; a compressed one is not unpacked."""
    async with a_world(most_bytes=2000) as world:
        world.server.script(Reply(body=b"x" * 3000), Reply(headers={"Content-Encoding": "gzip"}, body=b"\x1f\x8b"))
        await fails(world, "more than 2,000 bytes")
        await fails(world, "encoding")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\xff\xfe", b"[]", b'{"choices": []}', b'{"choices": [{}]}', b"[" * 9999]
)
async def test_an_answer_that_is_no_completion_is_an_error(body: bytes) -> None:
    """A proxy's page or a truncated response raises an error in one sentence."""
    async with a_world() as world:
        world.server.script(Reply(body=body))
        await fails(world, "not a chat completion")


@pytest.mark.parametrize(
    ("reply", "requests", "says"),
    [(Reply(content="", refusal="No."), 3, "refused"), (Reply(content="", finish="length"), 4, "used up its tokens")],
)
async def test_a_model_that_says_nothing_says_why(reply: Reply, requests: int, says: str) -> None:
    """A refusal and a used-up token limit raise different errors, and neither counts against the server."""
    async with a_world() as world:
        world.server.script(*[reply] * requests)
        for _ in range(3):
            await fails(world, says)
        assert BLURB == (await world.engine.summarize(ABSTRACT)).text


async def test_a_silent_server_is_given_up() -> None:
    """A request ends at its timeout, which covers the whole request, and is not repeated."""
    async with a_world(timeout=0.3) as world:
        world.server.open.clear()
        await fails(world, "did not answer within 0 seconds")

    assert ([], 1) == (world.clock.slept, len(world.server.calls))


async def test_nobody_at_the_address_is_an_outage() -> None:
    """A port on which no server listens raises an error in one sentence."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with a_world(url=f"http://127.0.0.1:{taken.getsockname()[1]}") as world:
            await fails(world, r"does not answer: the connection failed \(ConnectError\)\.")


@pytest.mark.parametrize("url", ["ftp://example", "http://", "nonsense", "http://[::1"])
async def test_an_address_that_is_none_is_an_error(url: str) -> None:
    """An invalid address raises an EngineDown, not a library's error."""
    async with a_world(url=url) as world:
        await fails(world, "remote engine")


# -- the breaker ----------------------------------------------------------------------------------


async def test_a_server_that_is_down_is_left_alone() -> None:
    """Three failed calls stop requests for a minute, another failure for two minutes; a success closes the breaker."""
    async with a_world() as world:
        world.server.script(*[DOWN] * 10)
        for _ in range(3):
            await fails(world, "HTTP 503")
        await fails(world, r"retried in 60 s\.")
        assert 9 == len(world.server.calls)
        world.clock.turn(seconds=61)
        await fails(world, "HTTP 503")
        assert 10 == len(world.server.calls)
        world.clock.turn(seconds=61)
        await fails(world, r"retried in 59 s\.")
        world.clock.turn(seconds=60)
        await world.engine.summarize(ABSTRACT)
        world.server.script(DOWN)
        await world.engine.summarize(ABSTRACT)


async def test_a_clock_set_back_does_not_keep_the_server_out() -> None:
    """After the clock was set back, the next request is sent at once."""
    async with a_world() as world:
        world.server.script(Reply(status=429, headers={"Retry-After": "600"}))
        await fails(world, "429")
        world.clock.turn(days=-1)
        assert BLURB == (await world.engine.summarize(ABSTRACT)).text


# -- side by side ---------------------------------------------------------------------------------


async def test_so_many_are_asked_at_once_and_no_more() -> None:
    """Twelve concurrent papers are at most four concurrent requests."""
    async with a_world(concurrency=4) as world:
        blurbs = await asyncio.gather(*(world.engine.summarize(ABSTRACT) for _ in range(12)))

    assert (12, {BLURB}) == (len(blurbs), {blurb.text for blurb in blurbs})
    assert 4 == world.server.most_at_once


# -- the budget -----------------------------------------------------------------------------------


async def test_tokens_are_counted_by_day() -> None:
    """The server's own token count is used; at midnight UTC the count starts again."""
    async with a_world() as world:
        world.server.script(Reply(usage=(120, 30)), Reply(usage=(100, 20)))
        await world.engine.summarize(ABSTRACT)
        await world.engine.summarize(ABSTRACT)
        used = world.engine.usage
        world.clock.turn(days=1)

    assert (2, 220, 50, 270) == (used.requests, used.prompt_tokens, used.completion_tokens, used.tokens)
    assert 0 == world.engine.usage.tokens


async def test_a_server_that_does_not_count_is_estimated() -> None:
    """Without `usage`, or with an impossible one, the tokens are estimated from the texts."""
    lying = b'{"choices": [{"message": {"content": "{\\"blurb\\": \\"x\\"}"}}], "usage": {"prompt_tokens": -5}}'
    async with a_world() as world:
        world.server.script(Reply(usage=None))
        await world.engine.summarize(ABSTRACT)
        first = world.engine.usage
        world.server.script(Reply(body=lying))
        await fails(world, "does not support")
        second = world.engine.usage

    assert first.prompt_tokens > 400
    assert first.completion_tokens > 10
    assert second.prompt_tokens == 2 * first.prompt_tokens


async def test_a_spent_budget_is_an_outage_till_midnight() -> None:
    """Once the day's tokens are used up, no request is sent until midnight; the error says until when."""
    async with a_world(daily_tokens=10_000) as world:
        world.server.script(Reply(usage=(5000, 4900)))
        await world.engine.summarize(ABSTRACT)
        await fails(world, r"budget of 10,000 tokens a day is used up until \d{4}-\d\d-\d\d 00:00 UTC\.")
        assert 1 == len(world.server.calls)
        world.clock.turn(days=1)
        assert BLURB == (await world.engine.summarize(ABSTRACT)).text


async def test_papers_side_by_side_cannot_overdraw_together() -> None:
    """The tokens of running requests are reserved, so eight requests cannot use a budget for three."""
    async with a_world(daily_tokens=2_400, concurrency=8) as world:
        made: Sequence[object] = await asyncio.gather(
            *(world.engine.summarize(ABSTRACT) for _ in range(8)), return_exceptions=True
        )

    assert {EngineDown} == {type(each) for each in made if isinstance(each, Exception)}
    assert 1 <= len(world.server.calls) <= 4


async def test_a_failed_request_gives_its_tokens_back() -> None:
    """The tokens reserved for a failed request are released."""
    async with a_world(daily_tokens=2_500) as world:
        world.server.script(DOWN, DOWN)
        assert BLURB == (await world.engine.summarize(ABSTRACT)).text
    assert 120 == world.engine.usage.tokens


async def test_midnight_is_midnight_utc() -> None:
    """The budget's day ends at midnight UTC, whatever the time zone of the clock."""
    clock = Hand(now=datetime(2026, 11, 24, 23, 59, tzinfo=UTC))
    budget = Budget(100, clock)
    await budget.reserve(60)
    budget.settle(60, prompt=50, completion=10)
    with pytest.raises(EngineDown, match="2026-11-25 00:00 UTC"):
        await budget.reserve(60)
    clock.turn(minutes=1)
    await budget.reserve(60)
    assert 0 == budget.usage.tokens
