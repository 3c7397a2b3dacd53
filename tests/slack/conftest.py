"""Fixtures: the real app, connected to a fake Slack over Socket Mode or HTTP, with one workspace and people in it."""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest

from bots.bootstrap.app import App, open_app, utc_now
from bots.config.settings import read_settings
from bots.slack.app import SlackSettings, connect
from bots.slack.manifest import manifest
from bots.store._secrets import new_key
from summarizer import Secret
from tests.fakes.slack.deliveries import Patience
from tests.fakes.slack.oauth import Page
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Channel

#: Not the shared generator, which hypothesis seeds alike in every process.
_ANY = SystemRandom()


class Clock:
    """The wall clock, moved ahead by a test."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the current instant for the app."""
        return utc_now() + self.ahead


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer counts as slow because the machine is: what a slow answer looks like is a test of its own."""
    monkeypatch.setattr("bots.slack.handler.PATIENCE", 60.0)


@pytest.fixture
def clock() -> Clock:
    """A clock that a test can move."""
    return Clock()


@dataclass(frozen=True, kw_only=True)
class Office:
    """A workspace with Paperwire installed, and Ada, a person in it."""

    slack: FakeSlack
    application: App
    ada: Person
    papers: Channel


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A fake Slack whose app has the shipped manifest."""
    patience = Patience(ack_seconds=3.0, event_retries=(0.0, 0.0, 0.0))
    async with FakeSlack(manifest("socket", unfurl=True), patience=patience) as server:
        yield server


@pytest.fixture(params=["socket", "http"])
async def office(slack: FakeSlack, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    """A workspace with the app, a channel and a person; over Socket Mode and over HTTP."""
    ada = slack.person("ada", tz="Europe/Vienna")
    if request.param == "http":
        async with abroad(slack, tmp_path) as site:
            assert 200 == (await site.installed(ada)).status
            yield Office(slack=slack, application=site.application, ada=ada, papers=slack.channel("papers", ada))
        return
    installation = slack.hub.install(slack.workspace())
    papers = slack.channel("papers", ada)
    async with at_work(slack, tmp_path, installation.token) as application:
        yield Office(slack=slack, application=application, ada=ada, papers=papers)


@asynccontextmanager
async def at_work(slack: FakeSlack, folder: Path, token: str, **changes: Any) -> AsyncIterator[App]:
    """Open the app and connect it to Slack with a bot token."""
    tokens = {"bot_token": Secret(token), "app_token": Secret(slack.hub.app_token)}
    settings = SlackSettings(**{"api_url": slack.api, **tokens, "unfurl": True, **changes})
    async with at_home(settings, folder) as application:
        yield application


@asynccontextmanager
async def at_home(settings: SlackSettings, folder: Path, **changes: Any) -> AsyncIterator[App]:
    """Open the app with a Slack adapter and a database in a folder."""
    keys = ",".join(key.reveal() for key in settings.token_keys)
    read = read_settings({"PAPERWIRE_SLACK_TOKEN_KEYS": keys}, database=str(folder / "paperwire.sqlite3"))
    given: dict[str, Any] = {"clock": utc_now, "libraries": ("sample",), **changes}
    async with open_app(read, screen=StringIO(), connectors=(partial(connect, settings),), **given) as application:
        yield application


@dataclass(frozen=True, kw_only=True)
class Site:
    """Paperwire at a URL that Slack and browsers reach."""

    slack: FakeSlack
    application: App
    url: str
    settings: SlackSettings

    async def installed(self, person: Person, *, whole: bool = False) -> Page:
        """Have a person install the app, for a workspace or for the whole organisation."""
        return await person.installs(f"{self.url}/slack/install", whole_enterprise=whole)


@asynccontextmanager
async def abroad(slack: FakeSlack, folder: Path, **changes: Any) -> AsyncIterator[Site]:
    """Open the app over HTTP; `clock` is passed to the app, every other change to the Slack settings."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    slack.declare(manifest("http", url, unfurl=True))
    clock = {"clock": changes.pop("clock")} if "clock" in changes else {}
    settings = SlackSettings(**{**over_http(slack, url), "listen": ("127.0.0.1", port), **changes})
    async with at_home(settings, folder, **clock) as application:
        yield Site(slack=slack, application=application, url=url, settings=settings)


def over_http(slack: FakeSlack, url: str) -> dict[str, Any]:
    """Return the settings of an app over HTTP."""
    return {
        "api_url": slack.api,
        "client_id": slack.hub.client_id,
        "client_secret": Secret(slack.hub.client_secret),
        "signing_secret": Secret(slack.hub.signing_secret),
        "public_url": url,
        "token_keys": (Secret(new_key()),),
        "unfurl": True,
    }


def free_port() -> int:
    """Return a port of this machine that nobody listens on, out of a range that no other test process takes from.

    The range lies below the ports that systems give out themselves: one of those could be taken before it is used.
    """
    first = 10_000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 20 * 1000
    while True:
        port = _ANY.randrange(first, first + 1000)
        with socket.socket() as bound, suppress(OSError):
            bound.bind(("127.0.0.1", port))
            return port
