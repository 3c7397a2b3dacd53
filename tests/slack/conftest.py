"""The real house, joined to a fake Slack over Socket Mode, with one workspace and people in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bots.settings import read_settings
from bots.slack.app import SlackSettings, connect
from bots.slack.manifest import manifest
from bots.wiring import House, open_house, utc_now
from summarizer import Secret
from tests.platforms.slack.deliveries import Patience
from tests.platforms.slack.person import Person
from tests.platforms.slack.server import FakeSlack
from tests.platforms.slack.world import Channel


@dataclass(frozen=True, kw_only=True)
class Office:
    """A workspace that has Paperwire, and Ada who works there."""

    slack: FakeSlack
    house: House
    ada: Person
    papers: Channel


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack whose app has the manifest that we ship."""
    patience = Patience(ack_seconds=3.0, event_retries=(0.0, 0.0, 0.0))
    async with FakeSlack(manifest("socket", unfurl=True), patience=patience) as server:
        yield server


@pytest.fixture
async def office(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Office]:
    """A workspace with the app, a channel and a person."""
    ada = slack.person("ada", tz="Europe/Vienna")
    installation = slack.hub.install(slack.workspace())
    papers = slack.channel("papers", ada)
    async with at_work(slack, tmp_path, installation.token) as house:
        yield Office(slack=slack, house=house, ada=ada, papers=papers)


@asynccontextmanager
async def at_work(slack: FakeSlack, folder: Path, token: str, **changes: Any) -> AsyncIterator[House]:
    """Open the house, and join Slack with a bot token."""
    app_token = Secret(slack.hub.app_token)
    settings = SlackSettings(api_url=slack.api, bot_token=Secret(token), app_token=app_token, **changes)
    read = read_settings({}, database=str(folder / "paperwire.sqlite3"))
    rooms = (partial(connect, settings),)
    async with open_house(read, screen=StringIO(), rooms=rooms, clock=utc_now, libraries=("sample",)) as house:
        yield house
