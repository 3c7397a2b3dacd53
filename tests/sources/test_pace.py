"""Hosts that several sources share: the effective rate limit, and separate circuit breakers."""

import asyncio
import math
import time
from collections.abc import AsyncIterator

import pytest

from bots.config.source_catalogue import catalogue
from bots.config.source_descriptions import HostPace, SourceDescription
from bots.config.values import Setting, address
from bots.delivery.local_permits import LocalPermits
from bots.domain.errors import SourceBusy, SourceDown
from bots.sources._allowed_hosts import reach_of
from bots.sources._http import Client
from bots.sources._politeness import paces_of
from bots.sources.web import Web
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import PAGE, StillClock, a_client, a_context, get

ARXIVS = "export.arxiv.org"


class RealClock(StillClock):
    """The machine's own clock, for two clients whose requests take time."""

    def __call__(self) -> float:
        """Return the current time in seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


REAL = RealClock()


def described(every: float, at_once: int = 1, host: str = ARXIVS, operator: str = "") -> SourceDescription:
    """Return a third-party source's description that names one host with its own pace."""
    api = Setting(name="api", default=f"https://{host}", says="Where its API is.", read=address)
    pace = HostPace(host=host, every=every, at_once=at_once, operator=operator)
    return SourceDescription(title="Mine", hosts=(pace,), settings=(api,))


def a_web(client: Client, description: SourceDescription, server: PaperServer) -> Web:
    """Return the `Web` of a source whose host is replaced by the server on this machine."""
    return client.web(reach_of(description, {"api": server.url}))


async def a_mixed_client(clock: StillClock, *others: SourceDescription) -> AsyncIterator[Client]:
    """Yield a client with the paces of our sources and of others."""
    async with a_client(clock, paces=paces_of(catalogue().descriptions[0], others)) as client:
        yield client


@pytest.mark.parametrize(("every", "own_wait"), [(0.0, 3.0), (3.0, 3.0), (10.0, 10.0)])
async def test_another_source_is_slowed_and_slows_nobody(
    clock: StillClock, server: PaperServer, every: float, own_wait: float
) -> None:
    """At arXiv's host a third-party source waits at least as long as arXiv requires, and our own never longer."""
    mine = described(every, at_once=4)
    async for client in a_mixed_client(clock, mine):
        web, arxivs = a_web(client, mine, server), a_context(client, "arxiv", server.places).web
        await web.get(server.url + PAGE)
        await web.get(server.url + PAGE)
        await arxivs.get(server.url + PAGE)
    assert [own_wait, 3.0] == clock.slept


async def test_of_two_packages_the_slower_holds(clock: StillClock, server: PaperServer) -> None:
    """For a host that no source of ours names, the slowest pace that any package names applies to all."""
    fast, slow = described(0.5, host="api.example.org"), described(4.0, host="api.example.org")
    async for client in a_mixed_client(clock, fast, slow):
        web = a_web(client, fast, server)
        await web.get(server.url + PAGE)
        await web.get(server.url + PAGE)
    assert [4.0] == clock.slept


def test_hosts_of_one_operator_share_a_pace() -> None:
    """Hosts of one operator are one group with the slowest pace; a host without an operator is a group by itself."""
    first, second = (described(every, host=f"{every:.0f}.example.org", operator="Example") for every in (1.0, 2.0))
    paces = paces_of([], [first, second, described(0.1, host="alone.example.org")])
    shared = paces["1.example.org"]
    assert (2.0, shared) == (shared.interval, paces["2.example.org"])
    assert (0.1, "alone.example.org") == (paces["alone.example.org"].interval, paces["alone.example.org"].group)


async def test_as_many_are_under_way_as_a_host_allows(clock: StillClock, server: PaperServer) -> None:
    """Up to three requests overlap at a host that allows three, and they start one after the other."""
    mine = described(0.5, at_once=3, host="api.example.org")
    server.script(PAGE, *[Answer(delay=0.1)] * 6)
    async for client in a_mixed_client(clock, mine):
        web = a_web(client, mine, server)
        await asyncio.gather(*(web.get(f"{server.url}{PAGE}", params={"n": str(number)}) for number in range(6)))
    assert 3 == server.most_at_once
    assert set(clock.slept) == {0.5}


async def test_an_address_that_nobody_names_is_asked_carefully(clock: StillClock, server: PaperServer) -> None:
    """A server that only a setting names, such as an institution's own, gets one request per second."""
    api = Setting(name="api", default="", says="Where your server is.", read=str)
    mine = SourceDescription(title="Mine", settings=(api,))
    async for client in a_mixed_client(clock, mine):
        web = a_web(client, mine, server)
        await web.get(server.url + PAGE)
        await web.get(server.url + PAGE)
    assert [1.0] == clock.slept


async def test_the_failures_of_one_source_are_not_anothers(clock: StillClock, server: PaperServer) -> None:
    """A source whose calls fail is blocked; another source with successful calls to the same host is not."""
    mine = described(3.0)
    server.script("/broken", *[Answer(status=500)] * 12)
    async for client in a_mixed_client(clock, mine):
        web, arxivs = a_web(client, mine, server), a_context(client, "arxiv", server.places).web
        for _ in range(3):
            with pytest.raises(SourceDown, match="Mine does not answer"):
                await web.get(f"{server.url}/broken")
        with pytest.raises(SourceDown, match="Mine failed several times in a row"):
            await web.get(server.url + PAGE)
        server.script(PAGE, Answer(body=b"well"))
        assert b"well" == (await arxivs.get(server.url + PAGE)).body


async def test_a_key_is_sent_where_it_belongs(client: Client, server: PaperServer) -> None:
    """A source's headers are sent with its request and with a redirect on the same host; ours are never replaced."""
    server.script(PAGE, Answer(status=302, headers={"Location": "/there"}))
    server.script("/there", Answer(body=b"here"), Answer(body=b"here again"))
    web = a_context(client, "huggingface", server.places).web
    sent = {"X-Key": "secret", "user-agent": "somebody else", "Cookie": "a=b"}
    await web.get(server.url + PAGE, headers=sent)
    for call in server.calls:
        assert ("secret", client.agent) == (call.headers["x-key"], call.headers["user-agent"])
        assert "cookie" not in call.headers
    assert b"here again" == (await web.get(f"{server.url}/there")).body
    assert "x-key" not in server.calls[-1].headers


async def test_processes_share_a_host(server: PaperServer) -> None:
    """Two clients with shared permits ask a host in turn: one at a time, and a pause apart."""
    permits = LocalPermits(ticks=time.monotonic, sleep=asyncio.sleep)
    mine = described(0.1, host="api.example.org")
    server.script(PAGE, *[Answer(delay=0.1)] * 4)
    paces, began = paces_of([], [mine]), time.monotonic()
    async with a_client(REAL, paces=paces, permits=permits) as one, a_client(REAL, paces=paces, permits=permits) as two:
        webs = [a_web(each, mine, server) for each in (one, two)]
        await asyncio.gather(*(web.get(f"{server.url}{PAGE}", params={"n": str(n)}) for web in webs for n in range(2)))
    # Four answers and three pauses; each with a limit of its own needs half of it.
    assert 0.65 <= time.monotonic() - began


async def test_a_refusal_holds_every_process(clock: StillClock, server: PaperServer) -> None:
    """After a 429 with Retry-After that one client saw, the other waits as long before it asks at all."""
    permits = LocalPermits(ticks=clock, sleep=clock.sleep)
    server.script(PAGE, Answer(status=429, headers={"Retry-After": "7200"}))
    async with a_client(clock, permits=permits) as one, a_client(clock, permits=permits) as two:
        first, second = (a_context(each, "arxiv", server.places).web for each in (one, two))
        with pytest.raises(SourceDown):
            await first.get(server.url + PAGE)
        server.script(PAGE, Answer(body=b"papers"))
        began = clock.now
        await second.get(server.url + PAGE, patience=math.inf)
    assert 7190 <= clock.now - began


async def test_a_person_who_cannot_wait_takes_no_permit(clock: StillClock, server: PaperServer) -> None:
    """A host that another process was told to leave alone is busy for a person, who is told so; nothing is asked."""
    permits = LocalPermits(ticks=clock, sleep=clock.sleep)
    async with a_client(clock, permits=permits) as client:
        pace = paces_of(*catalogue().descriptions)[ARXIVS]
        await permits.hold(pace.lane(60.0), 600)
        with pytest.raises(SourceBusy):
            await get(client, server, source="arxiv", patience=8.0)
    assert [] == server.calls
