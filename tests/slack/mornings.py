"""Scenes at nine in Vienna: a subscription falls due in the real app, and the test moves all clocks."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bots.bootstrap.app import App, open_app
from bots.config.settings import read_settings
from bots.delivery.rate_limiter import RateLimiter
from bots.delivery.run_executor import RunExecutor
from bots.domain.channels import Channel
from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.domain.subscriptions import Look, Subscription, Weekday
from bots.scheduling.dispatcher import InlineDispatcher
from bots.scheduling.scheduler import Scheduler
from bots.slack.app import SlackAdapter, SlackSettings, connect
from summarizer import Secret
from tests.fakes.slack.pacing import STRICT, Pace
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Message
from tests.support.doubles import Hand

#: Half a minute before nine in Vienna.
EARLY = datetime(2026, 11, 24, 7, 59, 30, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
#: Papers that fill one message, and two.
ONE, TWO = 5, 13
_ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.SKIPPED})
#: Timeout of a call, short because the fake Slack may hang. Seconds.
_PATIENCE = 1.5


def slack_at(hand: Hand, pace: Pace | None = STRICT) -> FakeSlack:
    """Return a fake Slack on the test's clock."""
    return FakeSlack(clock=lambda: hand().timestamp(), pace=pace)


@dataclass(kw_only=True)
class Morning:
    """A subscription of #papers and the app that delivers it; admin notices go to #ops."""

    slack: FakeSlack
    hand: Hand
    application: App
    executor: RunExecutor
    scheduler: Scheduler
    dispatcher: InlineDispatcher
    subscription: Subscription

    async def looks(self) -> None:
        """Poll the scheduler once and wait for the runs it started."""
        await self.scheduler.poll()
        await self.dispatcher.drain()

    async def comes(self) -> Run:
        """Move the clock to nine and on by minutes until the subscription's run and any admin notice have ended."""
        while True:
            self.hand.turn(minutes=1)
            await self.looks()
            runs = await self.application.store.runs(limit=10)
            if runs and all(run.state in _ENDED for run in runs):
                return next(run for run in runs if run.subscription_id == self.subscription.id)
            assert timedelta(days=1) > self.hand() - NINE, runs

    def posted(self, name: str = "papers") -> list[Message]:
        """Return what the app posted in a channel and its threads, in order."""
        channel = self.slack.channel(name)
        return [message for message in channel.messages if message.app_id == self.slack.hub.app_id]

    def said(self, name: str = "papers") -> str:
        """Return the readable text of a channel and its threads."""
        channel = self.slack.channel(name)
        return "\n".join(self.slack.hub.seen(channel, message).text for message in channel.shown())

    async def parts(self) -> list[Delivery]:
        """Return the parts of the subscription's run."""
        return [
            part for part in await self.application.store.deliveries() if part.run_key.startswith(self.subscription.id)
        ]

    async def sent_once(self) -> bool:
        """Return whether every part is recorded as sent, is posted once, and nothing else is posted."""
        parts = await self.parts()
        return {DeliveryState.SENT} == {part.state for part in parts} and [part.message_id for part in parts] == [
            message.ts for message in self.posted()
        ]

    async def kept(self) -> Subscription:
        """Return the stored subscription."""
        subscription = await self.application.store.subscription(self.subscription.id)
        assert subscription is not None
        return subscription


def found(slack: FakeSlack) -> str:
    """Create a workspace with the app and its two channels, and return the bot token."""
    token = slack.hub.install(slack.workspace(), scopes=frozenset({"chat:write", "channels:history"})).token
    slack.channel("papers")
    slack.channel("ops")
    return token


def place(slack: FakeSlack, name: str) -> Channel:
    """Return a channel as the app addresses it."""
    return Channel(platform="slack", workspace=slack.workspace().id, channel=slack.channel(name).id)


@asynccontextmanager
async def morning(
    slack: FakeSlack, hand: Hand, folder: Path, template: Path, *, admin: str = "", **changes: Any
) -> AsyncIterator[Morning]:
    """Open the app half a minute before nine, with a subscription due at nine; `changes` are its fields.

    A folder with a database from an earlier app is reopened as it is.
    """
    subscription = Subscription(
        id="order", channel=place(slack, "papers"), sources=("sample",), limit=ONE, look=Look.CARDS, times=(time(9),),
        weekdays=frozenset(Weekday), timezone=ZoneInfo("Europe/Vienna"), created=EARLY - timedelta(hours=1),
    )  # fmt: skip
    subscription = replace(subscription, **changes)
    database = folder / "paperwire.sqlite3"
    if not database.exists():
        shutil.copy(template, database)
    told = {"PAPERWIRE_DELIVERY_ADMIN": admin or str(place(slack, "ops"))}
    installed = slack.hub.world.installations[0]
    settings = SlackSettings(api_url=slack.api, bot_token=Secret(installed.token), listening=False)
    async with open_app(
        read_settings(told, database=str(database)),
        screen=StringIO(),
        connectors=(partial(_impatient, settings),),
        clock=hand,
        libraries=(),
    ) as application:
        if await application.store.subscription(subscription.id) is None:
            await application.store.keep_subscription(subscription)
        yield _by_hand(slack, hand, application, subscription)


@asynccontextmanager
async def _impatient(settings: SlackSettings, service: Any) -> AsyncIterator[SlackAdapter]:
    async with connect(settings, service) as adapter:
        adapter._poster._seconds = _PATIENCE
        yield adapter


def _by_hand(slack: FakeSlack, hand: Hand, application: App, subscription: Subscription) -> Morning:
    adapters = application.executor.part_delivery.adapters
    rate_limiters = {
        name: RateLimiter(each.limits, ticks=hand.ticks, sleep=hand.pace) for name, each in adapters.items()
    }
    executor = replace(
        application.executor,
        part_delivery=replace(application.executor.part_delivery, rate_limiters=rate_limiters, ticks=hand.ticks),
        sleep=hand.sleep,
    )
    dispatcher = InlineDispatcher(executor.execute)
    scheduler = Scheduler(
        store=application.store, due_runs=application.due_runs, executor=executor, dispatcher=dispatcher, clock=hand
    )
    return Morning(
        slack=slack,
        hand=hand,
        application=application,
        executor=executor,
        scheduler=scheduler,
        dispatcher=dispatcher,
        subscription=subscription,
    )


async def cut_short(begun: Morning) -> None:
    """Move the clock to nine and stop the app at its first wait, which leaves the remaining work to the next start."""

    async def stops(_seconds: float) -> None:
        begun.executor.stop()
        await asyncio.Event().wait()

    executor = replace(begun.executor, sleep=stops)
    begun.executor = executor
    begun.dispatcher = InlineDispatcher(executor.execute)
    begun.scheduler = Scheduler(
        store=begun.application.store,
        due_runs=begun.application.due_runs,
        executor=executor,
        dispatcher=begun.dispatcher,
        clock=begun.hand,
    )
    begun.hand.turn(minutes=1)
    await begun.looks()
