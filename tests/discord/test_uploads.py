"""Files that people upload are fetched from Discord only, and never more of them than an abstract needs."""

import gzip
from collections.abc import AsyncIterator

import pytest

from bots.discord.rest_client import MOST_BYTES, RestClient, rest
from bots.discord.settings import DiscordSettings
from bots.discord.transport import RequestBudget
from summarizer import Secret
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import SAMPLES


@pytest.fixture
async def server() -> AsyncIterator[PaperServer]:
    """Yield another server of the operator's network."""
    async with PaperServer(SAMPLES) as server:
        yield server


@pytest.fixture
async def client(discord: FakeDiscord) -> AsyncIterator[RestClient]:
    """Yield a client of the fake Discord."""
    settings = DiscordSettings(token=Secret(discord.hub.token), api_url=discord.api)
    async with rest(settings, RequestBudget()) as opened:
        yield opened


def uploaded(discord: FakeDiscord, content: bytes) -> str:
    """Return the address of an uploaded file."""
    return str(discord.hub.keep("a.txt", content, "text/plain")["url"])


async def test_a_file_is_fetched_from_discord(discord: FakeDiscord, client: RestClient) -> None:
    """The content comes back as it was uploaded; compressed files are left as they are."""
    for content in (b"We show.", gzip.compress(b"We show.")):
        assert content == await client.fetch(uploaded(discord, content))


async def test_a_large_file_is_fetched_in_part(discord: FakeDiscord, client: RestClient) -> None:
    """No more than the limit and one byte is kept, whatever size was announced."""
    assert MOST_BYTES + 1 == len(await client.fetch(uploaded(discord, bytes(4 * MOST_BYTES))))


@pytest.mark.parametrize("form", ["{url}/a", "http://localhost:{port}/a", "http://[::ffff:127.0.0.1]:{port}/a"])
async def test_no_other_server_is_asked(client: RestClient, server: PaperServer, form: str) -> None:
    """An address on another server, in any spelling, is refused without a connection."""
    with pytest.raises(OSError, match="not one of Discord's"):
        await client.fetch(form.format(url=server.url, port=server.url.rpartition(":")[2]))
    assert [] == server.calls


async def test_a_redirect_of_the_file_is_not_followed(server: PaperServer, discord: FakeDiscord) -> None:
    """A server at Discord's address cannot send the client on to another one."""
    server.script("/go", Answer(status=302, headers={"Location": uploaded(discord, b"inside")}))
    client = RestClient(DiscordSettings(token=Secret(discord.hub.token), api_url=server.url), RequestBudget())
    with pytest.raises(OSError, match="HTTP 302"):
        await client.fetch(f"{server.url}/go")
    await client.close()
    assert ["/go"] == [call.path for call in server.calls]
