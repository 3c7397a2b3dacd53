"""Each pair of parts that talk over a network, with a proxy that spoils the line between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

from bots.delivery.adapter_guard import Guarded
from bots.discord.settings import DiscordSettings
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import HistoryClosed, PaperwireError
from bots.email.app import connect as connect_email
from bots.email.settings import EmailSettings
from bots.outbound.client import Outbound
from bots.ports import SourceQuery
from bots.slack.app import SlackAdapter
from bots.slack.poster import SlackPoster
from bots.sources.source_opener import SourceOpener
from bots.store.memory import MemoryStore
from bots.testing import Stage
from bots.usecases.service import Service
from bots.web.providers import Secrets, SlackProvider
from bots.web.settings import ProviderSettings
from bots.webhook.app import WebhookAdapter
from bots.webhook.poster import WebhookPoster
from summarizer import Secret, SummarizerError
from tests.contracts.discord_place import DiscordPlace, _Lone
from tests.contracts.email_place import SENDER, MailPlace, plain_server
from tests.contracts.slack_place import SlackPlace
from tests.contracts.webhook_place import WebhookPlace
from tests.fakes.paper_server import PaperServer
from tests.fakes.sign_in_sites import CLIENT, SECRET, SignInSites
from tests.sources.conftest import SAMPLES, StillClock, a_client, a_context
from tests.store.stores import opened
from tests.summarizer.engines.remote.remotes import ABSTRACT, a_world
from tests.support.factories import a_digest
from tests.support.fault_proxy import FaultProxy

#: Seconds after which each of them gives a call up; in the product it is between 10 and 60.
PATIENCE = 1.5


@dataclass(kw_only=True)
class Pair:
    """One part of the program that calls another through a proxy."""

    proxy: FaultProxy
    #: Calls, and returns if that succeeded.
    call: Callable[[], Awaitable[object]]
    #: The errors by which the caller is told; any other one is a fault of ours.
    told: tuple[type[Exception], ...] = (PaperwireError,)
    #: How often what was called for has happened; None if it changes nothing.
    happened: Callable[[], int] | None = None


def port_of(url: str) -> int:
    """Return the port of a URL."""
    port = urlsplit(url).port
    assert port
    return port


async def _posted_once(adapter: Any, part: Part, key: str, since: Any) -> None:
    """Post as the ledger does: whatever the last attempt came to, look first whether the part is there."""
    guarded = Guarded(adapter=adapter, call=PATIENCE + 1)
    try:
        there = await guarded.find(part.channel, key, since)
    except HistoryClosed as closed:
        assert closed.repeat
        there = None
    if there is None:
        await guarded.post(part, key)


async def _posting(stage: Stage, adapter: Any, proxy: FaultProxy) -> Pair:
    (part, *_) = adapter.compose(a_digest(channel=stage.channel))
    since = stage.clock()
    return Pair(
        proxy=proxy,
        call=lambda: _posted_once(adapter, part, "key-1", since),
        happened=lambda: len(stage.messages()) if isinstance(stage, MailPlace | WebhookPlace) else len(stage._messages()),  # type: ignore[attr-defined]
    )


@asynccontextmanager
async def slack_api(_folder: Path) -> AsyncIterator[Pair]:
    """Slack's Web API."""
    place = SlackPlace()
    async with FaultProxy(port_of(place._slack.url)) as proxy:
        adapter = SlackAdapter(SlackPoster(f"{proxy.url}/api/", place._token_of, seconds=PATIENCE))
        yield await _posting(place, adapter, proxy)


@asynccontextmanager
async def discord_rest(_folder: Path) -> AsyncIterator[Pair]:
    """Discord's REST interface."""
    place = DiscordPlace()
    async with FaultProxy(port_of(place._discord.url)) as proxy:
        settings = DiscordSettings(token=Secret(place._discord.hub.token), api_url=f"{proxy.url}/api/v10")
        yield await _posting(place, _Lone(settings), proxy)


@asynccontextmanager
async def mail_server(_folder: Path) -> AsyncIterator[Pair]:
    """A mail server."""
    async with MailPlace() as place, FaultProxy(place.server.port) as proxy:
        server = replace(plain_server(place.server), port=proxy.port)
        poster = place.adapter._poster
        place.adapter._poster = replace(poster, smtp=replace(poster.smtp, server=server, seconds=PATIENCE))
        yield await _posting(place, place.adapter, proxy)


@asynccontextmanager
async def webhook_receiver(_folder: Path) -> AsyncIterator[Pair]:
    """The receiver of a webhook."""
    place = WebhookPlace()
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultProxy(0))
        url, receiver = proxy.url, place.receiver
        await stack.enter_async_context(place)
        proxy.target = port_of(receiver.url)
        hosts = frozenset({urlsplit(url).netloc})
        outbound = await stack.enter_async_context(Outbound(agent="x", private_hosts=hosts, seconds=PATIENCE))
        receivers = replace(place.adapter._poster.receivers, private_hosts=hosts)
        adapter = WebhookAdapter(WebhookPoster(receivers=receivers, outbound=outbound, clock=place.clock))
        channel = await adapter.channel_named(Channel(platform="webhook", channel=f"{url}/ada"))
        kept = await receivers.of(channel)
        assert kept is not None
        receiver.secrets["/ada"] = kept.secrets["secret"]
        place.channel = channel
        yield await _posting(place, adapter, proxy)
        receiver.wrongs.clear()


@asynccontextmanager
async def model_server(_folder: Path) -> AsyncIterator[Pair]:
    """A server of models."""
    async with FaultProxy(0) as proxy, a_world(url=proxy.url, timeout=PATIENCE) as world:
        proxy.target = port_of(world.server.url)

        async def call() -> object:
            # The breaker opens after some failures and is closed a minute later.
            world.clock.turn(seconds=600)
            return await world.engine.summarize(ABSTRACT)

        yield Pair(proxy=proxy, call=call, told=(SummarizerError,))


@asynccontextmanager
async def _source(name: str, spec: str, day: date) -> AsyncIterator[Pair]:
    clock = StillClock()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(PaperServer(SAMPLES))
        proxy = await stack.enter_async_context(FaultProxy(port_of(server.url)))
        client = await stack.enter_async_context(a_client(clock, deadline=PATIENCE))
        places = {each: address.replace(server.url, proxy.url) for each, address in server.places.items()}
        context = a_context(client, name, places)
        opened_source = _opened(name, spec.replace("SERVER", proxy.url), context)

        async def call() -> object:
            clock.now += 3600
            return await opened_source.recent(SourceQuery(day=day))

        yield Pair(proxy=proxy, call=call)


def _opened(name: str, spec: str, context: Any) -> Any:
    from bots.config.source_catalogue import SOURCES

    return SOURCES.load(name).open(spec, context)


PAIRS: Mapping[str, Callable[[Path], Any]] = {
    "Slack's API": slack_api,
    "Discord's API": discord_rest,
    "mail server": mail_server,
    "webhook": webhook_receiver,
    "model server": model_server,
}
