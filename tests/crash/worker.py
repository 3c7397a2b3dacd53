"""One run of the real program: shipped components, a chat over HTTP, and a trap around store, service and adapters."""

import asyncio
import faulthandler
import logging
import math
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import cast

from slack_sdk.web.async_client import AsyncWebClient

from bots.bootstrap.app import App, open_app
from bots.cli.digests import _on_signals
from bots.config.settings import read_settings
from bots.delivery.admin_notices import AdminNotices
from bots.digests.builder import DigestBuilder
from bots.digests.source_reader import SourceReader
from bots.discord.app import DiscordAdapter, DiscordSettings
from bots.discord.app import connect as connect_discord
from bots.domain.mail_addresses import read_sender
from bots.domain.runs import RunState
from bots.email import outgoing
from bots.email.app import EmailAdapter
from bots.email.app import connect as connect_email
from bots.email.settings import EmailSettings, MailServer, Security
from bots.ports import Adapter, Store
from bots.scheduling.dispatcher import InlineDispatcher
from bots.scheduling.job_worker import JobWorker, Rhythm
from bots.scheduling.scheduler import Scheduler
from bots.slack import poster
from bots.slack.app import SlackAdapter
from bots.usecases.service import Service
from bots.webhook import outgoing as webhook_outgoing
from bots.webhook.app import WebhookAdapter
from bots.webhook.app import connect as connect_webhook
from bots.webhook.settings import WebhookSettings
from summarizer import Secret
from tests.crash.jobs import Job
from tests.crash.traps import Forgetful, Trap, Trapped, WrongClock
from tests.fakes.chat_room import UNHURRIED, ChatServerAdapter, connect

ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.SKIPPED})
#: Interval between checks whether all runs have ended. Seconds.
_LOOK = 0.03


def become(line: str) -> int:
    """Do the work of a line from `Job.written`, and return the exit code."""
    return work(Job.read(line))


def work(job: Job) -> int:
    """Deliver everything that is due, and return the exit code."""
    log = Path(job.log)
    with log.open("a", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), sys.stderr.fileno())
    faulthandler.register(signal.SIGUSR1, file=sys.stderr)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, force=True, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    clock = WrongClock(job.ahead, job.jump, job.jump_at)
    trap = Trap(job.point, job.passing, log.with_suffix(".points"), heed=clock.heed)
    asyncio.run(_live(job, trap, clock))
    return 0


async def _live(job: Job, trap: Trap, clock: WrongClock) -> None:
    stop = asyncio.Event()
    _on_signals(stop)
    environ = {"PAPERWIRE_SCHEDULE_WORKERS": "yes" if job.role else "no"}
    if job.platform == "webhook":
        environ["PAPERWIRE_SLACK_TOKEN_KEYS"] = job.token
    settings = read_settings(environ, database=job.database)
    connectors = [partial(_room, job)]
    async with open_app(
        settings, screen=sys.stderr, connectors=connectors, clock=clock, libraries=(),
        serving=job.role != "worker", working=job.role == "worker",
    ) as application:  # fmt: skip
        scheduler = _trapped(application, job, trap)
        async with _worker(application, scheduler) if job.role == "worker" else scheduler.running():
            done = asyncio.create_task(_ended(application.store, job.runs))
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({done, stopped}, return_when=asyncio.FIRST_COMPLETED)
            done.cancel()
            stopped.cancel()


@asynccontextmanager
async def _room(
    job: Job, service: Service
) -> AsyncIterator[ChatServerAdapter | SlackAdapter | DiscordAdapter | EmailAdapter | WebhookAdapter]:
    if job.platform == "webhook":
        async with _webhook_room(job, service) as webhooks:
            yield webhooks
        return
    if job.platform == "email":
        async with _mail_room(job, service) as mail:
            yield mail
        return
    if job.token and job.platform == "discord":
        async with _discord_room(job, service) as discord:
            yield discord
        return
    if job.token:
        yield _slack_room(job)
        return
    async with connect(job.chat, seconds=job.timeout) as adapter:
        yield adapter


@asynccontextmanager
async def _discord_room(job: Job, service: Service) -> AsyncIterator[DiscordAdapter]:
    settings = DiscordSettings(token=Secret(job.token), api_url=job.chat)
    async with connect_discord(settings, service) as adapter:
        adapter._poster._seconds = job.timeout
        adapter.limits = UNHURRIED
        yield adapter


@asynccontextmanager
async def _mail_room(job: Job, service: Service) -> AsyncIterator[EmailAdapter]:
    host, _, port = job.chat.partition(":")
    settings = EmailSettings(
        server=MailServer(host=host, port=int(port), security=Security.NONE),
        sender=read_sender("Paperwire <papers@example.org>"),
        listening=False,
    )
    # Two mails for a digest, so that there is more to kill between.
    vars(outgoing)["_MOST"] = 4
    async with connect_email(settings, service) as adapter:
        poster = adapter._poster
        adapter._poster = replace(poster, smtp=replace(poster.smtp, seconds=0.8 * job.timeout))
        adapter.limits = UNHURRIED
        yield adapter


@asynccontextmanager
async def _webhook_room(job: Job, service: Service) -> AsyncIterator[WebhookAdapter]:
    # Two messages for a digest, so that there is more to kill between.
    vars(webhook_outgoing)["_MOST"] = 4
    settings = WebhookSettings(private_hosts=frozenset({job.chat}), seconds=0.8 * job.timeout)
    async with connect_webhook(settings, service) as adapter:
        adapter.limits = UNHURRIED
        yield adapter


def _slack_room(job: Job) -> SlackAdapter:
    async def token_of(_workspace: str) -> str:
        return job.token

    if job.repeats:
        vars(poster)["new_client"] = _repeating_client
    adapter = SlackAdapter(poster.SlackPoster(job.chat, token_of, seconds=job.timeout))
    adapter.limits = UNHURRIED
    return adapter


def _repeating_client(token: str | None, api_url: str, *, timeout: float, **_ours: object) -> AsyncWebClient:
    """Return a client with the library's defaults, which repeats a post when a connection breaks."""
    return AsyncWebClient(token=token, base_url=api_url, timeout=math.ceil(timeout))


def _trapped(application: App, job: Job, trap: Trap) -> Scheduler:
    """Return the app's scheduler, with traps around its components and the job's times."""
    clock, executor = application.service.clock, application.executor
    store = cast("Store", Trapped(Forgetful(application.store) if job.naive else application.store, trap))
    adapters = {
        name: cast("Adapter", Trapped(adapter, trap)) for name, adapter in executor.part_delivery.adapters.items()
    }
    part_delivery = replace(
        executor.part_delivery,
        ledger=store,
        adapters=adapters,
        lease=timedelta(seconds=job.lease),
        call=timedelta(seconds=job.timeout),
        on_undelivered=AdminNotices(store=store, adapters=adapters, clock=clock).undelivered,
    )
    executor = replace(
        executor,
        store=store,
        digest_builder=cast("DigestBuilder", Trapped(_digest_builder(application.service, store), trap)),
        part_delivery=part_delivery,
        claim=timedelta(seconds=job.claim),
        window=timedelta(seconds=job.window),
    )
    return Scheduler(
        store=store,
        due_runs=replace(application.due_runs, ledger=store, adapters=adapters, window=timedelta(seconds=job.window)),
        executor=executor,
        dispatcher=application.queue or InlineDispatcher(executor.execute),
        clock=clock,
        look_every=job.look_every,
        grace=job.grace,
    )


def _worker(application: App, scheduler: Scheduler) -> AbstractAsyncContextManager[None]:
    """Return a worker that carries runs out as the scheduler would, with its traps."""
    assert application.queue
    worker = JobWorker(
        application.queue,
        store=scheduler._store,
        executor=scheduler._executor,
        clock=scheduler._clock,
        rhythm=Rhythm(heartbeat=0.5, quiet=1.0, stalled=2.0, rescue=0.3, again=0.2),
    )
    return worker.running()


def _digest_builder(service: Service, store: Store) -> DigestBuilder:
    """Return the digest builder of a service, over another store."""
    digest_builder = service.digest_builder
    source_reader = SourceReader(shelf=store, open_source=digest_builder.source_reader.open_source, clock=service.clock)
    return replace(
        digest_builder, store=store, source_reader=source_reader, blurbs=replace(digest_builder.blurbs, cache=store)
    )


async def _ended(store: Store, runs: int) -> None:
    """Wait until that many runs exist and all have ended."""
    while True:
        found = await store.runs(limit=runs + 1)
        if len(found) >= runs and all(run.state in ENDED for run in found):
            return
        await asyncio.sleep(_LOOK)
