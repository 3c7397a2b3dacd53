"""What a platform quotes of a refused post is in no log, table, metric, trace, list or notice."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bots.bootstrap.app import App, open_app
from bots.bootstrap.platforms import Connector, platforms
from bots.bootstrap.plugins import secrets_of
from bots.chat.known_secrets import KNOWN, hide
from bots.cli.logs import logging_to
from bots.config.settings import Settings, read_settings
from bots.discord.settings import DiscordSettings
from bots.domain.channels import Channel
from bots.domain.requests import ListSubscriptions
from bots.ports import Adapter
from bots.ports.external import NamesChannels
from bots.slack.app import SlackAdapter
from bots.slack.poster import SlackPoster
from bots.telemetry.metrics import Metrics
from bots.telemetry.traces import Traces
from bots.usecases.service import Service
from tests.contracts.discord_place import _Lone as Lone
from tests.fakes.echo_server import EchoMailServer, EchoServer, plain
from tests.secrets.forms import found_in
from tests.secrets.program import database_text, planted
from tests.support.doubles import Hand
from tests.support.factories import NOW, a_subscription

PLATFORMS = frozenset({"slack", "discord", "email", "webhook"})
#: Those whose refusal is recorded; an answer of Slack that no rule knows means that the post may have succeeded.
REFUSING = PLATFORMS - {"slack"}
#: The secrets that the services must have been sent, or nothing was tried.
LEARNT = frozenset({"slack.bot_token", "discord.token", "email.password", "engine.remote_key"})


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Forget the secrets of a test after it."""
    before = KNOWN._forms
    yield
    KNOWN._forms = before


@asynccontextmanager
async def _slack(settings: Settings, _service: Service) -> AsyncIterator[Adapter]:
    async def token_of(_workspace: str) -> str:
        return str(settings.slack["bot_token"].reveal())

    yield SlackAdapter(SlackPoster(f"{settings.slack['api_url']}/", token_of))


@asynccontextmanager
async def _discord(settings: Settings, _service: Service) -> AsyncIterator[Adapter]:
    yield Lone(DiscordSettings(token=settings.discord["token"], api_url=settings.discord["api_url"]))


def _connectors(settings: Settings) -> list[Connector]:
    """Return the connections to all platforms; those of Slack and Discord do not ask who they are first."""
    own = [each for each in platforms(settings, listening=False) if each.name in ("email", "webhook")]
    return [partial(_slack, settings), partial(_discord, settings), *own]


async def _subscribed(app: App, server: EchoServer) -> None:
    adapters = app.executor.part_delivery.adapters
    for name in PLATFORMS:
        place = {"email": "ada@example.org", "webhook": f"{server.url}/hook/q7Vp3rW9zL5x"}.get(
            name, "123456789012345678"
        )
        channel = Channel(platform=name, workspace="T1" if name in ("slack", "discord") else "", channel=place)
        adapter: object = adapters[name]
        if isinstance(adapter, NamesChannels):
            channel = await adapter.channel_named(channel)
        await app.store.keep_subscription(
            a_subscription(id=name, channel=channel, sources=("sample",), created=NOW - timedelta(days=1))
        )


async def _refused(app: App) -> set[str]:
    """Return the platforms that have refused a part."""
    parts = [part for run in await app.store.runs(limit=9) for part in await app.store.deliveries(run.key)]
    return {part.part.channel.platform for part in parts if part.last_error}


def _learnt(server: EchoServer, mail: EchoMailServer, held: Mapping[str, str]) -> set[str]:
    sent = "\n".join((*server.requests, *map(plain, mail.said)))
    return {place for place, secret in held.items() if secret in sent}


@pytest.mark.parametrize("status", [400, 403])
async def test_what_a_platform_quotes_goes_nowhere(tmp_path: Path, status: int) -> None:
    """Every platform and the model server quote all they were sent in a refusal; none of it is kept or shown."""
    stream, screen, kept, clock = io.StringIO(), io.StringIO(), InMemorySpanExporter(), Hand()
    metrics = Metrics("1")
    async with EchoServer(status, date=NOW) as server, EchoMailServer() as mail:
        environ, held = planted(server, mail.port)
        file = tmp_path / "paperwire.sqlite3"
        settings = read_settings(environ, database=str(file))
        hide(secrets_of(settings))
        traces = Traces(metrics, kept, version="1")
        with logging_to(stream, verbose=True, serving=True, as_json=True):
            async with open_app(
                settings, screen=screen, connectors=_connectors(settings), clock=clock, libraries=(), observer=traces
            ) as app:
                await _subscribed(app, server)
                executor = replace(app.executor, sleep=clock.sleep)
                opened = [await app.due_runs.open_due(each) for each in await app.store.subscriptions()]
                runs = [asyncio.create_task(executor.execute(key)) for key in opened if key]
                async with asyncio.timeout(90):
                    while not (LEARNT <= _learnt(server, mail, held) and REFUSING <= await _refused(app)):  # noqa: ASYNC110 - no event tells of a row
                        await asyncio.sleep(0.05)
                for run in runs:
                    run.cancel()
                await asyncio.gather(*runs, return_exceptions=True)
                answer = await app.service.answer(ListSubscriptions(channel=Channel(platform="console", channel="x")))
                shown = metrics.text(
                    now=NOW, tally=await app.store.tally(NOW), platforms={}, usage={}, connections={}
                ).decode()
        traces.close()
    spans = repr([(span.name, span.attributes, span.status.description) for span in kept.get_finished_spans()])
    texts = (stream.getvalue(), screen.getvalue(), database_text(file), shown, spans, repr(answer))
    assert [] == [found for text in texts for found in found_in(text, *held.values(), "q7Vp3rW9zL5x")]
