"""Tests of the HTTP client: its identification, rate limits, retries, timeouts and circuit breaker."""

import asyncio
import gzip

import pytest

from bots.config.source_catalogue import catalogue
from bots.domain.errors import SettingsError, SourceDown
from bots.sources._http import Client
from bots.sources._politeness import paces_of
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import PAGE, StillClock, a_client, get

# ── user agent ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_every_request_names_the_program_and_its_contact(client: Client, server: PaperServer) -> None:
    """The user agent names Paperwire, its version, its page and the operator's address; only gzip is accepted."""
    await get(client, server)
    sent = server.calls[0].headers
    assert "Paperwire/1.2 (+https://github.com/paperwire/paperwire; mailto:me@example.org)" == sent["user-agent"]
    assert "gzip" == sent["accept-encoding"]


async def test_without_a_contact_the_program_names_its_page_alone(clock: StillClock) -> None:
    """Without a configured contact the user agent names only Paperwire's page, and a first digest still works."""
    assert "Paperwire/1.2 (+https://github.com/paperwire/paperwire)" == a_client(clock, contact="").agent


@pytest.mark.parametrize("contact", ["me", "me@x\r\nX-Evil: 1", "a@b c", "a@b)"])
def test_a_contact_that_is_no_address_is_refused(clock: StillClock, contact: str) -> None:
    """Only an e-mail address is accepted as the contact in the user agent."""
    with pytest.raises(SettingsError):
        a_client(clock, contact=contact)


async def test_cookies_are_not_kept(client: Client, server: PaperServer) -> None:
    """A cookie that a server sets is never sent back."""
    server.script(PAGE, Answer(headers={"Set-Cookie": "session=1; Path=/"}), Answer())
    await get(client, server)
    await get(client, server)
    assert "cookie" not in server.calls[1].headers


# ── rate limits ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_arxiv_is_asked_once_in_three_seconds_over_one_connection(
    client: Client, server: PaperServer, clock: StillClock
) -> None:
    """Concurrent requests to arXiv are sent one after another, each three seconds after the previous one has ended."""
    begun = clock.now
    await asyncio.gather(*(get(client, server, f"/rss/cs.{letter}", source="arxiv") for letter in "ABCDE"))
    assert 5 == len(server.calls)
    assert 1 == server.most_at_once
    assert [3.0] * 4 == clock.slept
    assert 12.0 == clock.now - begun


async def test_groups_do_not_wait_for_each_other(client: Client, server: PaperServer, clock: StillClock) -> None:
    """A request to Hugging Face does not wait for arXiv's pause."""
    await get(client, server, source="arxiv")
    await get(client, server, source="huggingface")
    assert [] == clock.slept


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"Date": "Wed, 19 Aug 2026 06:00:00 GMT", "Retry-After": "Wed, 19 Aug 2026 06:00:41 GMT"}, 41.0),
        ({"RateLimit": '"api";r=0;t=55', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}, 55.0),
        # An invalid header is ignored: the default pause applies, with the random number at 1.
        ({"Retry-After": "soon"}, 2.0),
        ({"Retry-After": "-5"}, 2.0),
        ({}, 2.0),
    ],
)
async def test_a_refusal_is_waited_out_as_asked(
    client: Client, server: PaperServer, clock: StillClock, headers: dict[str, str], pause: float
) -> None:
    """After 429 the retry waits as long as the server requires, in any of the supported header formats."""
    server.script(PAGE, Answer(status=429, headers=headers), Answer(body=b"ok"))
    assert b"ok" == (await get(client, server)).body
    assert pause == sum(clock.slept)


async def test_pauses_double(client: Client, server: PaperServer, clock: StillClock) -> None:
    """If the server names no pause, the pause doubles after each failure, and the call fails after four tries."""
    server.script(PAGE, *[Answer(status=503)] * 4)
    with pytest.raises(SourceDown, match="Hugging Face does not answer: HTTP 503"):
        await get(client, server)
    assert [2.0, 4.0, 8.0] == clock.slept


async def test_a_mishap_is_no_refusal(client: Client, server: PaperServer, clock: StillClock) -> None:
    """After a broken connection arXiv is retried after its normal interval, not after the long pause for a refusal."""
    server.script(PAGE, Answer(cut=0), Answer(cut=0), Answer(), Answer(status=429), Answer())
    await get(client, server, source="arxiv")
    assert [3.0, 6.0] == clock.slept
    await get(client, server, source="arxiv")
    assert [3.0, 6.0, 3.0, 30.0] == clock.slept


@pytest.mark.parametrize("status", [403, 406])
async def test_arxivs_other_refusals_mean_later(client: Client, server: PaperServer, status: int) -> None:
    """403 and 406 from arXiv mean "busy" and are retried; from other sites they are final."""
    server.script(PAGE, Answer(status=status), Answer(body=b"ok"))
    assert b"ok" == (await get(client, server, source="arxiv")).body
    server.script(PAGE, Answer(status=status))
    assert status == (await get(client, server)).status


async def test_a_long_pause_is_not_waited_for(client: Client, server: PaperServer, clock: StillClock) -> None:
    """A pause longer than the caller's patience fails the call at once; the error contains the pause."""
    server.script(PAGE, Answer(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(SourceDown) as failed:
        await get(client, server, patience=20.0)
    assert 3600.0 == failed.value.retry_after
    assert [] == clock.slept


@pytest.mark.parametrize(
    "broken",
    [
        Answer(cut=0),
        Answer(body=b"x" * 100, cut=50),
        Answer(body=gzip.compress(b"x" * 10_000)[:-20], headers={"Content-Encoding": "gzip"}),
        Answer(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["dropped", "cut short", "gzip cut short", "not gzip"],
)
async def test_a_broken_answer_is_asked_for_again(client: Client, server: PaperServer, broken: Answer) -> None:
    """A connection that breaks at any point is retried, and a partial response is never returned."""
    server.script(PAGE, broken, Answer(body=b"whole"))
    assert b"whole" == (await get(client, server)).body


async def test_silence_ends(client: Client, server: PaperServer) -> None:
    """If the server sends no response, each try ends at its timeout."""
    server.script(PAGE, *[Answer(delay=5.0)] * 4)
    with pytest.raises(SourceDown, match="took too long"):
        await get(client, server, timeout=0.02)


async def test_a_slow_drip_ends(clock: StillClock, server: PaperServer) -> None:
    """Each try has a total deadline, so a server that sends single bytes cannot hold a connection for ever."""
    server.script(PAGE, *[Answer(body=b"x" * 1000, drip=0.01)] * 4)
    async with a_client(clock, deadline=0.05) as client:
        with pytest.raises(SourceDown, match="took too long"):
            await get(client, server)


async def test_a_cancelled_call_leaves_the_way_free(client: Client, server: PaperServer) -> None:
    """A call that is cancelled, while queued or while waiting for a response, does not block other calls."""
    server.script(PAGE, Answer(delay=60.0))
    asking = asyncio.create_task(get(client, server))
    waiting = asyncio.create_task(get(client, server, "/waiting"))
    await server.called.wait()
    waiting.cancel()
    asking.cancel()
    await asyncio.gather(asking, waiting, return_exceptions=True)
    assert (True, True) == (asking.cancelled(), waiting.cancelled())
    assert 404 == (await get(client, server, "/next")).status


# ── circuit breaker ──────────────────────────────────────────────────────────────────────────────────────────────────


async def fail(client: Client, server: PaperServer, times: int, answers: int = 4) -> None:
    """Make the given number of calls fail after all their tries."""
    for _ in range(times):
        server.script(PAGE, *[Answer(status=500)] * answers)
        with pytest.raises(SourceDown):
            await get(client, server)


async def test_a_place_that_is_down_is_left_alone(client: Client, server: PaperServer, clock: StillClock) -> None:
    """After three failed calls nothing is sent for ten minutes; then a successful probe closes the circuit breaker."""
    await fail(client, server, 3)
    sent = len(server.calls)
    with pytest.raises(SourceDown, match="retries in 10 min") as refused:
        await get(client, server)
    assert sent == len(server.calls)
    assert 600.0 == refused.value.retry_after
    clock.now += 600.0
    server.script(PAGE, Answer(body=b"back"))
    assert b"back" == (await get(client, server)).body
    await fail(client, server, 1)
    await get(client, server, "/other")


async def test_a_failed_probe_doubles_the_pause(client: Client, server: PaperServer, clock: StillClock) -> None:
    """A probe is a single try; each failed probe doubles the pause, from ten minutes to at most an hour."""
    await fail(client, server, 3)
    pauses = []
    for _ in range(4):
        clock.now += 3_600.0
        sent = len(server.calls)
        await fail(client, server, 1, answers=1)
        assert sent + 1 == len(server.calls)
        with pytest.raises(SourceDown) as refused:
            await get(client, server)
        pauses.append(refused.value.retry_after)
    assert [1_200.0, 2_400.0, 3_600.0, 3_600.0] == pauses


def test_arxivs_terms_are_kept() -> None:
    """All hosts of arXiv together get one request in three seconds, as required: info.arxiv.org/help/api/tou."""
    paces = paces_of(*catalogue().descriptions)
    arxivs = {paces[host] for host in ("arxiv.org", "www.arxiv.org", "export.arxiv.org", "rss.arxiv.org")}
    assert [(3.0, 1)] == [(pace.interval, pace.at_once) for pace in arxivs]
