"""Each pair of parts that talk over a network, with a proxy that spoils the line between them."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.engine import URL

from bots.config.source_catalogue import KnownSource, load
from bots.delivery.adapter_guard import Guarded
from bots.discord.settings import DiscordSettings
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import HistoryClosed, PaperwireError
from bots.outbound.client import Outbound
from bots.ports import SourceQuery
from bots.scheduling.job_queue import JobQueue
from bots.slack.app import SlackAdapter
from bots.slack.poster import SlackPoster
from bots.store.operations import libpq_address
from bots.store.sql import open_store
from bots.testing import Stage
from bots.web.providers import Secrets, SlackProvider
from bots.web.settings import ProviderSettings
from bots.webhook.app import WebhookAdapter
from bots.webhook.poster import WebhookPoster
from summarizer import Secret, SummarizerError
from tests.contracts.discord_place import DiscordPlace, _Lone
from tests.contracts.email_place import MailPlace, plain_server
from tests.contracts.slack_place import SlackPlace
from tests.contracts.webhook_place import WebhookPlace
from tests.fakes.paper_server import PaperServer
from tests.fakes.sign_in_sites import CLIENT, SECRET, SignInSites, Someone
from tests.sources.conftest import SAMPLES, StillClock, a_client, a_context
from tests.summarizer.engines.remote.remotes import ABSTRACT, a_world
from tests.support import postgres
from tests.support.factories import a_digest, a_subscription
from tests.support.fault_proxy import ENDLESS, Fault, FaultProxy

#: Seconds after which each of them gives a call up; in the product it is between 10 and 60.
PATIENCE = 0.7


@dataclass(kw_only=True)
class Pair:
    """One part of the program that calls another through a proxy."""

    proxy: FaultProxy
    #: Calls, and returns if that succeeded.
    call: Callable[[], Awaitable[object]]
    #: Calls again after a failure, in the way that the program does; None if that is the same.
    again: Callable[[], Awaitable[object]] | None = None
    #: The errors by which the caller is told; any other one is a fault of ours.
    told: tuple[type[Exception], ...] = (PaperwireError,)
    #: How often what was called for has happened; None if it changes nothing.
    happened: Callable[[], int] | None = None
    counted: Callable[[], Awaitable[int]] | None = None
    #: Faults that the short form leaves out: the driver takes ten seconds to give a connection up.
    long: frozenset[Fault] = frozenset()
    #: Faults at which a driver in a thread waits until the system finds the line dead; the test ends the line then.
    system: frozenset[Fault] = frozenset()


def port_of(url: str) -> int:
    """Return the port of a URL."""
    port = urlsplit(url).port
    assert port
    return port


async def _posted_once(adapter: Any, part: Part, key: str, since: Any) -> None:
    """Post as the ledger does: whatever the last attempt came to, look first whether the part is there."""
    guarded = Guarded(adapter=adapter, call=2 * PATIENCE)
    try:
        there = await guarded.find(part.channel, key, since)
    except HistoryClosed as closed:
        if not closed.repeat:
            raise
        there = None
    if there is None:
        await guarded.post(part, key)


async def _posting(stage: Stage, adapter: Any, proxy: FaultProxy) -> Pair:
    (part, *_) = adapter.compose(a_digest(channel=stage.channel))
    since = stage.clock()
    return Pair(
        proxy=proxy,
        call=lambda: Guarded(adapter=adapter, call=2 * PATIENCE).post(part, "key-1"),
        again=lambda: _posted_once(adapter, part, "key-1", since),
        happened=lambda: _shown(stage),
    )


def _shown(stage: Stage) -> int:
    return len(stage.messages() if isinstance(stage, MailPlace | WebhookPlace) else stage._messages())  # type: ignore[attr-defined]


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
        known = load(name)
        assert isinstance(known, KnownSource)
        source = known.opens.open(spec.replace("SERVER", proxy.url), a_context(client, name, places))

        async def call() -> object:
            # A host that failed is left alone for a while.
            clock.now += 3600
            found = await source.recent(SourceQuery(day=day))
            assert found.papers
            return found

        yield Pair(proxy=proxy, call=call)


def list_of_papers(_folder: Path) -> AbstractAsyncContextManager[Pair]:
    """A list in JSON."""
    return _source("huggingface", "", date(2026, 8, 19))


def feed(_folder: Path) -> AbstractAsyncContextManager[Pair]:
    """A feed in XML."""
    return _source("feed", "SERVER/feeds/several.xml", date(2026, 6, 3))


@asynccontextmanager
async def identity_provider(_folder: Path) -> AsyncIterator[Pair]:
    """A site that says who somebody is."""
    redirect = "https://papers.example.org/sign-in/slack/done"
    someone = Someone(user="U1", name="Ada", workspaces=("T1",))
    async with SignInSites(redirects=(redirect,)) as sites, FaultProxy(port_of(sites.url)) as proxy:
        behind, sites.url = sites.url, proxy.url
        assert behind
        provider = SlackProvider(
            ProviderSettings(platform="slack", client_id=CLIENT, client_secret=Secret(SECRET), site=proxy.url)
        )
        secrets = Secrets(state="s", nonce="n", verifier="v" * 50)

        async def call() -> object:
            back = sites.allowed(provider.address(redirect, secrets), someone)
            code = parse_qs(urlsplit(back).query)["code"][0]
            return await provider.person(code, redirect, secrets, time.time())

        with patch("bots.web.providers._PATIENCE", PATIENCE):
            yield Pair(proxy=proxy, call=call)


@asynccontextmanager
async def database(_folder: Path) -> AsyncIterator[Pair]:
    """Postgres, from a process that answers people."""
    with postgres.database() as url:
        async with FaultProxy(socket_of(url)) as proxy:
            near = url.set(drivername="postgresql+psycopg", host="127.0.0.1", port=proxy.port)
            near = near.difference_update_query(["host", "port"])
            async with open_store(near.render_as_string(hide_password=False), patience=1.0) as store:
                await store.subscriptions()

                async def call() -> None:
                    await store.keep_subscription(a_subscription(id="s1"))

                # Without TLS a corrupt length makes it wait for more.
                yield Pair(proxy=proxy, call=call, system=ENDLESS | {Fault.CORRUPT})


@asynccontextmanager
async def job_queue(_folder: Path) -> AsyncIterator[Pair]:
    """Postgres, from a process that defers jobs to workers."""
    with postgres.database() as url:
        async with FaultProxy(socket_of(url)) as proxy:
            near = url.set(drivername="postgresql", host="127.0.0.1", port=proxy.port)
            near = near.difference_update_query(["host", "port"])
            queue = JobQueue(libpq_address(near.render_as_string(hide_password=False)), patience=1.0)
            async with queue.running():

                async def jobs() -> int:
                    return len(list(await queue.app.job_manager.list_jobs_async()))

                yield Pair(proxy=proxy, call=lambda: queue.defer("run-1"), counted=jobs, long=SLOW_FOR_A_POOL)


#: The pool of connections waits longer after each connection that failed, up to minutes.
SLOW_FOR_A_POOL = frozenset(Fault) - {Fault.NONE, Fault.ANSWER_LOST, Fault.TRUNCATED, Fault.LATE}


def socket_of(url: URL) -> int | str:
    """Return where a server of the tests listens: a port of this machine, or a Unix socket."""
    if url.port and url.host in ("127.0.0.1", "localhost"):
        return url.port
    folder = url.query.get("host") or url.host
    return str(next(Path(str(folder)).glob(".s.PGSQL.*[0-9]")))


PAIRS: Mapping[str, Callable[[Path], Any]] = {
    "Slack's API": slack_api,
    "Discord's API": discord_rest,
    "mail server": mail_server,
    "webhook": webhook_receiver,
    "model server": model_server,
    "list": list_of_papers,
    "feed": feed,
    "identity provider": identity_provider,
    "database": database,
    "job queue": job_queue,
}
