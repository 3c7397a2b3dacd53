"""One life of the real program: every room as it ships, a chat over HTTP, and a trap before store, service and chat."""

import asyncio
import faulthandler
import logging
import math
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import cast

from slack_sdk.web.async_client import AsyncWebClient

from bots.bootstrap.app import House, open_house
from bots.cli.digests import _on_signals
from bots.config.settings import read_settings
from bots.delivery.admin_notices import Notices
from bots.digests.source_reader import Harvester
from bots.discord.app import DiscordRoom, DiscordSettings
from bots.discord.app import connect as connect_discord
from bots.domain.runs import RunState
from bots.ports import Adapter, Store
from bots.scheduling.dispatcher import InlineDispatcher
from bots.scheduling.scheduler import Schedule
from bots.slack import poster as slack_web
from bots.slack.app import SlackRoom
from bots.usecases.service import Service
from summarizer import Secret
from tests.crash.jobs import Job
from tests.crash.traps import Forgetful, Trap, Trapped
from tests.fakes.chat_room import UNHURRIED, ChatRoom, connect

ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.SKIPPED})
#: How often the worker looks whether everything has ended. Seconds.
_LOOK = 0.03


def work(job: Job) -> int:
    """Carry out everything that is due, and return the exit code."""
    log = Path(job.log)
    with log.open("a", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), sys.stderr.fileno())
    faulthandler.register(signal.SIGUSR1, file=sys.stderr)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, force=True, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    asyncio.run(_live(job, Trap(job.point, job.passing, log.with_suffix(".points"))))
    return 0


async def _live(job: Job, trap: Trap) -> None:
    stop = asyncio.Event()
    _on_signals(stop)
    settings = read_settings({}, database=job.database)
    async with open_house(settings, screen=sys.stderr, rooms=[partial(_room, job)], libraries=()) as house:
        schedule = _trapped(house, job, trap)
        async with schedule.running():
            done = asyncio.create_task(_ended(house.store, job.runs))
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({done, stopped}, return_when=asyncio.FIRST_COMPLETED)
            done.cancel()
            stopped.cancel()


@asynccontextmanager
async def _room(job: Job, service: Service) -> AsyncIterator[ChatRoom | SlackRoom | DiscordRoom]:
    if job.token and job.platform == "discord":
        async with _discord_room(job, service) as discord:
            yield discord
        return
    if job.token:
        yield _slack_room(job)
        return
    async with connect(job.chat, seconds=job.timeout) as room:
        yield room


@asynccontextmanager
async def _discord_room(job: Job, service: Service) -> AsyncIterator[DiscordRoom]:
    settings = DiscordSettings(token=Secret(job.token), api_url=job.chat)
    async with connect_discord(settings, service) as room:
        room._web._seconds = job.timeout
        room.limits = UNHURRIED
        yield room


def _slack_room(job: Job) -> SlackRoom:
    async def token_of(_workspace: str) -> str:
        return job.token

    if job.repeats:
        slack_web.new_client = _repeating_client
    room = SlackRoom(slack_web.Web(job.chat, token_of, seconds=job.timeout))
    room.limits = UNHURRIED
    return room


def _repeating_client(token: str | None, api_url: str, *, timeout: float = 0, waits: bool = False) -> AsyncWebClient:
    """Return a client as the library makes it when it is told nothing: it posts again when a connection breaks."""
    return AsyncWebClient(token=token, base_url=api_url, timeout=math.ceil(timeout))


def _trapped(house: House, job: Job, trap: Trap) -> Schedule:
    """Return what keeps time for the house, with the trap between its rooms and the job's times."""
    clock, desk = house.service.clock, house.desk
    store = cast("Store", Trapped(Forgetful(house.store) if job.naive else house.store, trap))
    adapters = {name: cast("Adapter", Trapped(room, trap)) for name, room in desk.postman.adapters.items()}
    postman = replace(
        desk.postman,
        ledger=store,
        adapters=adapters,
        lease=timedelta(seconds=job.lease),
        call=timedelta(seconds=job.timeout),
        told=Notices(store=store, adapters=adapters, clock=clock).undelivered,
    )
    desk = replace(
        desk,
        store=store,
        service=cast("Service", Trapped(_service(house.service, store), trap)),
        postman=postman,
        claim=timedelta(seconds=job.claim),
    )
    return Schedule(
        store=store,
        opener=replace(house.opener, ledger=store, adapters=adapters),
        desk=desk,
        dispatcher=InlineDispatcher(desk.carry_out),
        clock=clock,
        look_every=job.look_every,
        grace=job.grace,
    )


def _service(service: Service, store: Store) -> Service:
    editor = service.editor
    harvester = Harvester(shelf=store, open_source=editor.harvester.open_source, clock=service.clock)
    editor = replace(editor, store=store, harvester=harvester, blurbs=replace(editor.blurbs, cache=store))
    return replace(service, store=store, editor=editor)


async def _ended(store: Store, runs: int) -> None:
    """Return when so many runs there are, and all have ended."""
    while True:
        found = await store.runs(limit=runs + 1)
        if len(found) >= runs and all(run.state in ENDED for run in found):
            return
        await asyncio.sleep(_LOOK)
