"""HTTP mode: signed requests to the real slack_bolt, and the effects of failed responses."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request

from tests.fakes.slack.deliveries import Patience
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.tests.bot import client, http_server, make_bot, over_http
from tests.fakes.slack.world import Channel

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Served:
    """An app's own server, connected to a fake Slack."""

    slack: FakeSlack
    ada: Person
    papers: Channel
    url: str = ""
    #: The requests that it received.
    requests: list[web.Request] = field(default_factory=list)
    #: Responses to use before the bot's own.
    instead: list[Answer] = field(default_factory=list)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """The real slack_bolt behind its own server, with the app installed."""
    patience = Patience(ack_seconds=0.5, event_retries=(0.0, 0.0, 0.0))
    async with FakeSlack(over_http("http://127.0.0.1:9/"), patience=patience) as slack:
        ada = slack.person("ada")
        installation = slack.hub.install(slack.workspace())
        bot = make_bot(client(slack, installation.token), signing_secret=slack.hub.signing_secret)
        found = Served(slack, ada, slack.channel("papers", ada))

        async def handle(request: web.Request) -> web.StreamResponse:
            await request.read()
            found.requests.append(request)
            if found.instead:
                return await found.instead.pop(0)(request)
            return await to_aiohttp_response(await bot.async_dispatch(await to_bolt_request(request)))

        app = web.Application()
        app.router.add_post("/slack/events", handle)
        async with http_server(app) as url:
            found.url = f"{url}/slack/events"
            slack.declare(over_http(found.url))
            yield found


async def refused(_request: web.Request) -> web.StreamResponse:
    """Respond with 500."""
    return web.Response(status=500)


async def refused_for_good(_request: web.Request) -> web.StreamResponse:
    """Respond with 500 and the header that forbids retries."""
    return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})


async def silent(_request: web.Request) -> web.StreamResponse:
    """Never respond."""
    await asyncio.Event().wait()
    return web.Response()


async def test_a_command_is_signed_and_answered(served: Served) -> None:
    """slack_bolt accepts the signature, and its response is shown to the person who typed the command."""
    delivery = await served.ada.types("/paper help", served.papers)
    assert delivery.acked
    assert ["Help"] == [seen.text for seen in served.ada.sees(served.papers)]
    assert "application/x-www-form-urlencoded" == served.requests[0].content_type


async def test_a_window_is_filled_and_refused_over_http(served: Served) -> None:
    """A modal's errors are in the response to the submission's request."""
    await served.ada.types("/paper subscribe", served.papers)
    screen = await served.ada.gets_modal("Subscribe")
    await served.ada.fills({"Words to look for": "bad"})
    await served.ada.submits()
    assert {"Words to look for": "Not a query"} == screen.errors


async def test_an_app_proves_its_url_by_the_challenge(served: Served) -> None:
    """slack_bolt answers the url_verification challenge; a server that responds with 500 fails the check."""
    assert await served.slack.hub.hooks.verify(served.url)
    served.instead.append(refused)
    assert not await served.slack.hub.hooks.verify(served.url)


async def test_an_event_is_retried_with_its_number_and_reason(served: Served) -> None:
    """After a 500 and a timeout the event is sent a third time, each retry with its number and the previous reason."""
    served.instead += [refused, silent]
    await served.ada.opens_home()
    await served.ada.waits(lambda: served.ada.home)
    told = [(e.headers.get("X-Slack-Retry-Num"), e.headers.get("X-Slack-Retry-Reason")) for e in served.requests]
    assert [(None, None), ("1", "http_error"), ("2", "http_timeout")] == told
    assert 1 == len({(await each.json())["event_id"] for each in served.requests})


async def test_an_event_is_not_retried_where_the_app_says_so(served: Served) -> None:
    """After a response with X-Slack-No-Retry the event is not retried."""
    served.instead.append(refused_for_good)
    await served.ada.opens_home()
    delivery = served.slack.hub.office.deliveries[0]
    await served.slack.hub.office.finished(delivery)
    assert (1, False) == (len(delivery.attempts), delivery.acked)


async def test_an_event_is_given_up_after_three_retries(served: Served) -> None:
    """An event is attempted four times at most."""
    served.instead += [refused] * 4
    await served.ada.opens_home()
    delivery = await served.slack.hub.office.finished(served.slack.hub.office.deliveries[0])
    assert (4, False) == (len(delivery.attempts), delivery.acked)


async def test_a_command_that_is_not_answered_in_time_fails(served: Served) -> None:
    """A command is never retried; the person gets a notice."""
    served.instead.append(silent)
    await served.ada.types("/paper help", served.papers)
    assert ['/paper failed with the error "operation_timeout"'] == served.ada.notices


async def test_a_redelivered_command_comes_twice(served: Served) -> None:
    """With the fault, the same command is delivered again with the same trigger."""
    served.slack.hub.faults.switch(Trouble.REDELIVERED, "/paper", left=1)
    await served.ada.types("/paper help", served.papers)
    await served.ada.waits(lambda: len(served.requests) == 2)
    first, second = [(await each.post())["trigger_id"] for each in served.requests]
    assert first == second


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "1600000000"},
    ],
)
async def test_forged_and_stale_requests_can_be_sent(served: Served, headers: dict[str, str]) -> None:
    """slack_bolt refuses a request with a forged signature, and one whose valid signature is too old."""
    body = json.dumps({"type": "event_callback", "event": {"type": "app_home_opened", "user": "U1"}})
    status, _, _ = await served.slack.hub.hooks.post(served.url, body, {"Content-Type": "application/json", **headers})
    assert 401 == status
