"""Two instances on one database behave as one: every payload of a whole day goes to the other one than the last."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.app import App, open_app
from bots.config.settings import read_settings
from bots.slack.app import SlackSettings, connect
from bots.slack.manifest import manifest
from summarizer import Secret
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.server import FakeSlack
from tests.slack import test_day as day_of
from tests.slack.conftest import Clock, free_port, over_http
from tests.slack.test_day import VIENNA, Day
from tests.store.stores import address, needs_postgres
from tests.support.clocks import with_its_time


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of a database that several programs share."""
    if kind == "postgres":
        with address(kind, folder) as place:
            yield place
        return
    yield str(folder / "paperwire.sqlite3")


@asynccontextmanager
async def instances(place: str, clock: Clock, *settings: SlackSettings) -> AsyncIterator[list[App]]:
    """Open an instance with each of the settings, all on one database."""
    keys = ",".join(key.reveal() for key in settings[0].token_keys)
    read = read_settings({"PAPERWIRE_SLACK_TOKEN_KEYS": keys}, database=place)
    async with AsyncExitStack() as stack:
        given: dict[str, Any] = {"screen": StringIO(), "clock": clock, "libraries": ("sample",)}
        opened = [open_app(read, connectors=(partial(connect, each),), **given) for each in settings]
        yield [with_its_time(await stack.enter_async_context(each)) for each in opened]


@asynccontextmanager
async def over(way: str, slack: FakeSlack, place: str, clock: Clock) -> AsyncIterator[App]:
    """Open two instances, between which everything that Slack sends alternates."""
    if way == "socket":
        token = Secret(slack.hub.install(slack.workspace()).token)
        settings = SlackSettings(api_url=slack.api, unfurl=True, bot_token=token, app_token=Secret(slack.hub.app_token))
        slack.hub.sockets.in_turns = True
        async with instances(place, clock, settings, settings) as (first, _):
            await slack.hub.sockets.connected(2, within=30)
            yield first
            assert all(each.carried for each in slack.hub.sockets.ready())
        return
    # slack_sdk checks Slack's signatures against the wall clock.
    slack.hub.hooks = type(slack.hub.hooks)(time.time, slack.hub.signing_secret, "")
    ports = [free_port(), free_port()]
    slack.declare(manifest("http", f"http://127.0.0.1:{ports[0]}", unfurl=True))
    url = f"http://127.0.0.1:{ports[0]}"
    one = SlackSettings(**over_http(slack, url), listen=("127.0.0.1", ports[0]))
    async with instances(place, clock, one, replace(one, listen=("127.0.0.1", ports[1]))) as (first, _):
        slack.hub.hooks.behind = [f"http://127.0.0.1:{port}" for port in ports]
        assert 200 == (await slack.person("ada").installs(f"{url}/slack/install")).status
        yield first


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "kind"), [("socket", "sqlite"), pytest.param("http", "postgres", marks=needs_postgres)]
)
async def test_a_day_with_two_instances(way: str, kind: str, clock: Clock, tmp_path: Path) -> None:
    """Forms, previews, Undo, cards, pasted texts and the home tab work when each step reaches another instance."""
    async with FakeSlack(manifest("socket", unfurl=True), clock=lambda: clock().timestamp()) as slack:
        ada = slack.person("ada", tz=str(VIENNA))
        with database(kind, tmp_path) as place:
            async with over(way, slack, place, clock) as application:
                day = Day(
                    slack=slack, application=application, scheduler=application.scheduler(), clock=clock, ada=ada,
                    papers=slack.channel("papers", ada), folder=tmp_path,
                )  # fmt: skip
                await day.scheduler.poll()
                await day_of.subscribes(day)
                await day.becomes(9)
                await day_of.presses_everything(day, await day.ada.reads(day_of.FIRST, day.papers))
                for part in (day_of.looks_things_up, day_of.pastes, day_of.talks, day_of.is_at_home, day_of.goes_wrong):
                    await part(day)
                day_of.kept(day)
                ada.uninstalls()
                async with asyncio.timeout(30):
                    while await application.store.workspaces("slack"):  # noqa: ASYNC110 - the database tells nobody
                        await asyncio.sleep(0.02)


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_what_slack_sends_again_to_the_other_instance_has_one_effect(
    way: str, slack: FakeSlack, clock: Clock, tmp_path: Path
) -> None:
    """Commands, clicks and mentions are delivered a second time, to the instance that did not have them."""
    ada = slack.person("ada", tz="Europe/Vienna")
    async with over(way, slack, str(tmp_path / "paperwire.sqlite3"), clock):
        papers = slack.channel("papers", ada)
        slack.hub.faults.switch(Trouble.REDELIVERED, "*")
        for _ in range(2):
            await ada.types("/paper 1810.04805", papers)
        card = await ada.reads("BERT", papers, only_me=True, within=30)
        await ada.presses(card, "Save")
        asked = await ada.mentions("1412.6980", papers)
        await ada.reads("Adam", papers, thread=asked.ts, within=30)
        again = len(slack.hub.office.deliveries)
        await slack.until(lambda: len(slack.hub.happenings.of("redelivered")) >= again, within=30, what="them again")
        slack.hub.faults.heal()
        await ada.types("/paper saved", papers)
        await ada.reads("1 saved", papers, only_me=True, within=30)
        # Two cards, "Saved", and the list of what is saved.
        assert 4 == len(ada.sees(papers, only_me=True))
        assert 2 == len(ada.sees(papers, thread=asked.ts))
