"""HTTP mode: events, commands and interactions as signed requests to the app's own server.

Sources: docs.slack.dev/authentication/verifying-requests-from-slack and docs.slack.dev/apis/events-api.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit

import aiohttp

from tests.fakes.slack.deliveries import COMMANDS, EVENTS, Attempt, Delivery, NotCarriedError, Patience
from tests.fakes.slack.problems import Json


def signature(secret: str, timestamp: str, body: str) -> str:
    """Return the signature of a request's raw body."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encoded(delivery: Delivery) -> tuple[str, str]:
    """Return a delivery's content type and body."""
    form = "application/x-www-form-urlencoded"
    if delivery.kind == EVENTS:
        return "application/json", json.dumps(delivery.payload)
    if delivery.kind == COMMANDS:
        return form, urlencode({name: str(value) for name, value in delivery.payload.items() if value is not None})
    return form, urlencode({"payload": json.dumps(delivery.payload)})


class Hooks:
    """Delivers by HTTP requests."""

    def __init__(self, clock: Callable[[], float], secret: str, token: str) -> None:
        self._clock = clock
        self._secret = secret
        self._token = token
        self._session: aiohttp.ClientSession | None = None
        #: The instances behind the app's address, as scheme, host and port; a load balancer sends each request to the
        #: next one.
        self.behind: list[str] = []

    async def close(self) -> None:
        """Close the HTTP session."""
        if self._session is not None:
            await self._session.close()

    async def carry(self, delivery: Delivery, attempt: Attempt, patience: Patience, *, drop: bool) -> Json:
        """Send a delivery and return the payload of the app's response."""
        kind, body = encoded(delivery)
        headers = {"Content-Type": kind}
        if attempt.number:
            headers |= {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        if not delivery.url:
            raise NotCarriedError("no_url", no_retry=True)
        try:
            async with asyncio.timeout(patience.ack_seconds):
                status, answer, told = await self.post(delivery.url, body, headers)
        except TimeoutError:
            raise NotCarriedError("http_timeout") from None
        except aiohttp.ClientError:
            raise NotCarriedError("connection_failed") from None
        if drop:
            raise NotCarriedError("connection_failed")
        if status != 200:
            raise NotCarriedError("http_error", no_retry=told.get("X-Slack-No-Retry") == "1")
        return answer

    async def post(self, url: str, body: str, headers: Mapping[str, str]) -> tuple[int, Json, Mapping[str, str]]:
        """Sign and send a request; return the response's status, payload and headers.

        A signature or a timestamp in `headers` is sent unchanged, so that forged and stale requests can be tested.
        """
        timestamp = headers.get("X-Slack-Request-Timestamp", str(int(self._clock())))
        signed = {
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            **headers,
        }
        if self._session is None:
            self._session = aiohttp.ClientSession()
        if self.behind:
            self.behind.append(self.behind.pop(0))
            url = self.behind[0] + urlsplit(url)._replace(scheme="", netloc="").geturl()
        async with self._session.post(url, data=body.encode(), headers=signed, allow_redirects=False) as response:
            text = await response.text()
            return response.status, _answer(response.content_type, text), response.headers

    async def verify(self, url: str, challenge: str = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P") -> bool:
        """Return whether a URL answers the challenge: docs.slack.dev/reference/events/url_verification."""
        body = json.dumps({"token": self._token, "challenge": challenge, "type": "url_verification"})
        status, answer, _ = await self.post(url, body, {"Content-Type": "application/json"})
        return status == 200 and challenge in (answer.get("challenge"), answer.get("text"))


def _answer(kind: str, text: str) -> Json:
    if kind == "application/json" and text.strip():
        said = json.loads(text)
        return said if isinstance(said, dict) else {}
    return {"text": text} if text.strip() else {}
