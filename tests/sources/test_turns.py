"""A source's queue: a person's deadline covers the wait for a turn, and people come before digests."""

import asyncio
import socket

import pytest

from bots.chat.asker import asking
from bots.domain.channels import Reader
from bots.domain.errors import SourceBusy, SourceDown, SourceUnreachable
from bots.sources._http import Client
from bots.sources.web import LONG, SHORT
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import PAGE, StillClock, a_context, get


def person(user: str, workspace: str = "") -> Reader:
    """Return a person."""
    return Reader(platform="slack", workspace=workspace, user=user)


def paths(server: PaperServer) -> list[str]:
    """Return the paths that were requested, in order."""
    return [call.path for call in server.calls]


async def test_a_persons_deadline_covers_the_wait_for_a_turn(
    client: Client, server: PaperServer, clock: StillClock
) -> None:
    """Of twelve requests to arXiv at once, those with a turn within twenty seconds are sent; the others hear "busy"."""
    begun = clock.now
    asked = (get(client, server, f"/{number}", source="arxiv", patience=SHORT) for number in range(12))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert 6 == len(server.calls)
    busy = [each for each in outcomes if isinstance(each, SourceBusy)]
    assert ["arXiv is busy."] * 6 == list(map(str, busy))
    assert 20.0 >= clock.now - begun


async def test_the_background_waits_for_its_turn(client: Client, server: PaperServer) -> None:
    """A digest's requests wait for their turns, however long that takes."""
    asked = (get(client, server, f"/{number}", source="arxiv", patience=LONG) for number in range(100))
    await asyncio.gather(*asked)
    assert 100 == len(server.calls)


async def test_a_pause_that_arxiv_asked_for_is_busy_for_the_next_person(
    client: Client, server: PaperServer, clock: StillClock
) -> None:
    """While arXiv's own pause lasts, the next person hears at once that it is busy, and for how long."""
    server.script(PAGE, Answer(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(SourceDown):
        await get(client, server, source="arxiv", patience=SHORT)
    slept = sum(clock.slept)
    with pytest.raises(SourceBusy) as caught:
        await get(client, server, source="arxiv", patience=SHORT)
    assert (3600.0, slept) == (caught.value.retry_after, sum(clock.slept))


async def test_the_earlier_of_two_deadlines_holds(client: Client, server: PaperServer, clock: StillClock) -> None:
    """What is left of a person's own wait bounds a call, so that there is time to word the answer."""
    await get(client, server, source="arxiv")
    with asking(person("ada"), within=3.5), pytest.raises(SourceBusy):
        await get(client, server, source="arxiv", patience=SHORT)
    with asking(person("ada"), within=30):
        await get(client, server, source="arxiv", patience=SHORT)
    assert [3.0] == clock.slept


async def test_people_are_served_in_turn_and_before_digests(client: Client, server: PaperServer) -> None:
    """While one person's requests and a digest's wait, another person's single request is the second to be sent."""

    async def asks(path: str, reader: Reader | None, patience: float) -> None:
        with asking(reader):
            await get(client, server, path, source="arxiv", patience=patience)

    async with asyncio.TaskGroup() as group:
        group.create_task(asks("/first", None, LONG))
        await asyncio.sleep(0)
        for number in range(3):
            group.create_task(asks(f"/digest/{number}", None, LONG))
        for number in range(3):
            group.create_task(asks(f"/many/{number}", person("many"), SHORT))
        group.create_task(asks("/one", person("one"), SHORT))
    assert ["/first", "/many/0", "/one", "/many/1", "/many/2"] == paths(server)[:5]
    assert 8 == len(server.calls)


@pytest.fixture
def closed() -> str:
    """The address of a port that nobody listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{bound.getsockname()[1]}"


async def test_without_a_connection_a_person_hears_it_at_once(client: Client, clock: StillClock, closed: str) -> None:
    """If no connection can be made, a person's call fails at the first attempt; the source is not blocked for later."""
    web = a_context(client, "arxiv", {"arxiv_api": closed}).web
    for _ in range(4):
        with pytest.raises(SourceUnreachable, match=r"^arXiv cannot be reached\.$"):
            await web.get(closed + PAGE, patience=SHORT)
    assert [] == clock.slept


async def test_a_digest_tries_again_without_a_connection(client: Client, clock: StillClock, closed: str) -> None:
    """In the background a connection that cannot be made is tried four times, with growing pauses."""
    web = a_context(client, "huggingface", {"huggingface": closed}).web
    with pytest.raises(SourceUnreachable, match=r"^Hugging Face cannot be reached\.$"):
        await web.get(closed + PAGE, patience=LONG)
    assert 3 == len(clock.slept)


async def test_a_call_in_a_hurry_does_not_blame_the_host(
    client: Client, server: PaperServer, clock: StillClock
) -> None:
    """Calls that had less time than a slow host needs do not close the source for everybody."""
    server.script("/slow", *[Answer(delay=5.0)] * 4)
    server.script(PAGE, Answer(body=b"well"))
    for _ in range(4):
        with pytest.raises(SourceDown, match="it took too long"):
            await get(client, server, "/slow", patience=0.1)
        clock.now += 60
    assert b"well" == (await get(client, server)).body
