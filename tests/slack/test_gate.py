"""The gate before Slack's endpoint by itself: the library behind it checks signatures as well, and must not have to."""

import asyncio
import time
from datetime import UTC, datetime
from unittest.mock import Mock

import pytest
from aiohttp import web
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request
from slack_sdk.signature import SignatureVerifier

from bots.slack.http import gate
from bots.store.memory import MemoryStore

SECRET = "shh"


def a_request(body: bytes, headers: dict[str, str]) -> web.Request:
    """Return a request with a body that has come whole."""
    content = StreamReader(Mock(_reading_paused=False), 2**16, loop=asyncio.get_running_loop())
    content.feed_data(body)
    content.feed_eof()
    given = {**headers, "Content-Length": str(len(body))}
    return make_mocked_request("POST", "/slack/events", headers=given, payload=content, app=web.Application())


@pytest.mark.parametrize(
    ("key", "seconds", "status"),
    [(SECRET, 0, 200), (SECRET, -290, 200), ("another", 0, 401), (SECRET, -301, 401), (SECRET, 400, 401)],
    ids=["signed", "signed lately", "forged", "old", "of the future"],
)
async def test_the_gate_lets_in_what_slack_signed_lately(key: str, seconds: int, status: int) -> None:
    """Nothing else reaches the handlers: neither what another key signed, nor what was signed at another time."""
    handled: list[bytes] = []

    async def handler(request: web.Request) -> web.Response:
        handled.append(await request.read())
        return web.Response()

    at = str(int(time.time()) + seconds)
    signature = SignatureVerifier(key).generate_signature(timestamp=at, body=b"payload") or ""
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
    checked = gate(SECRET, MemoryStore(), lambda: datetime.now(UTC))
    answer = await checked(a_request(b"payload", headers), handler)
    assert (status, [b"payload"] if status == 200 else []) == (answer.status, handled)
