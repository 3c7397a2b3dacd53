"""Fixtures: a fake Slack with one workspace, one person and the installed app."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.deliveries import Patience
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.tests.bot import MANIFEST, client
from tests.fakes.slack.world import Channel, Installation


@dataclass
class Clock:
    """A clock that tests set."""

    now: float = 1_780_000_000.0

    def __call__(self) -> float:
        """Return the current time."""
        return self.now


@dataclass
class Lab:
    """A workspace with the app, a person and a channel."""

    slack: FakeSlack
    clock: Clock
    ada: Person
    papers: Channel
    installation: Installation
    client: AsyncWebClient


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until a test moves it."""
    return Clock()


@pytest.fixture
async def lab(clock: Clock) -> AsyncIterator[Lab]:
    """A workspace Lab with Ada, a channel #papers with her and the bot, and a client with the bot's token."""
    patience = Patience(ack_seconds=2.0, event_retries=(0.0, 0.0, 0.0))
    async with FakeSlack(MANIFEST, clock=clock, patience=patience) as slack:
        ada = slack.person("ada", tz="Europe/Vienna")
        installation = slack.hub.install(slack.workspace())
        papers = slack.channel("papers", ada)
        yield Lab(slack, clock, ada, papers, installation, client(slack, installation.token))
