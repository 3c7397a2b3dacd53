"""A private reply goes to Slack's own response URL, and to no other server that a request names."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bots.domain.channels import Channel
from bots.slack.payloads import Location
from bots.slack.response_targets import EphemeralTarget
from tests.fakes.paper_server import PaperServer
from tests.fakes.slack.server import FakeSlack
from tests.sources.conftest import SAMPLES


@pytest.fixture
async def server() -> AsyncIterator[PaperServer]:
    """Yield another server of the operator's network."""
    async with PaperServer(SAMPLES) as server:
        yield server


@pytest.mark.parametrize("form", ["{url}/a", "http://localhost:{port}/a", "https://hooks.slack.com@127.0.0.1:{port}/"])
async def test_a_foreign_response_url_is_not_used(slack: FakeSlack, server: PaperServer, form: str) -> None:
    """The reply goes through Slack's API instead, and the named server is not connected to."""
    ada = slack.person("ada")
    papers = slack.channel("papers", ada)
    token = slack.hub.install(slack.workspace()).token
    location = Location(
        channel=Channel(platform="slack", workspace=ada.workspace.id, channel=papers.id),
        user=ada.user.id,
        response_url=form.format(url=server.url, port=server.url.rpartition(":")[2]),
    )
    await EphemeralTarget(AsyncWebClient(token, base_url=slack.api), location).say({"text": "Only for you."})
    assert "Only for you." in (await ada.reads("Only for you", papers, only_me=True)).text
    assert [] == server.calls
