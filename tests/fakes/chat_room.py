"""The adapter that posts to the chat server over HTTP; like a real platform's adapter, it does not retry."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import NoReturn
from urllib.parse import quote

import httpx

from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import ChannelGone, HistoryClosed, PostRefused, PostTooLarge, PostUnknown
from bots.domain.replies import Problem, Reply
from bots.fakechat.incoming import name_of
from bots.fakechat.outgoing import digest_parts, notice_parts, reply_payloads, smaller
from bots.ports.rate_limits import Rate, RateLimits

#: Rate limits of a chat server on the local machine.
UNHURRIED = RateLimits(channel=Rate(count=1000, seconds=1), platform=Rate(count=1000, seconds=1))


class ChatServerAdapter:
    """Posts digests to a chat server."""

    platform = "fakechat"

    def __init__(self, client: httpx.AsyncClient, *, seconds: float, limits: RateLimits = UNHURRIED) -> None:
        self.limits = limits
        self._client = client
        #: Timeout of a call, in seconds.
        self._seconds = seconds

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages inside the chat's limits; see `Adapter.compose`."""
        return digest_parts(digest)

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a notice as messages; see `Adapter.notice`."""
        return notice_parts(channel, problem)

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return a part as smaller ones; see `Adapter.shrink`."""
        return smaller(part)

    async def post(self, part: Part, key: str, *, root: str = "") -> str:  # noqa: ARG002 - there are no threads here
        """Post one part under its key and return the message's id; see `Adapter.post` for what it raises."""
        with _translated():
            async with asyncio.timeout(self._seconds):
                answer = await self._client.post(
                    _path(part.channel), json={"blocks": part.payload["blocks"], "key": key}
                )
        if answer.status_code != HTTPStatus.OK:
            _refused(answer)
        return str(answer.json()["id"])

    async def find(
        self,
        channel: Channel,
        key: str,
        since: datetime,
        *,
        root: str = "",  # noqa: ARG002 - as above
    ) -> str | None:
        """Return the id of the message posted with this key at or after `since`; see `Adapter.find`."""
        with _translated():
            async with asyncio.timeout(self._seconds):
                answer = await self._client.get(_path(channel), params={"key": key, "since": since.isoformat()})
        if answer.status_code == HTTPStatus.FORBIDDEN:
            raise HistoryClosed("The history may not be read.")
        if answer.status_code != HTTPStatus.OK:
            _refused(answer)
        found = answer.json()["messages"]
        return str(found[0]["id"]) if found else None

    async def show(self, channel: Channel, reply: Reply) -> None:
        """Post a reply of any kind to a channel."""
        for payload in reply_payloads(reply):
            await self.post(Part(channel=channel, number=1, total=1, payload=payload), "")


@asynccontextmanager
async def connect(url: str, *, seconds: float, limits: RateLimits = UNHURRIED) -> AsyncIterator[ChatServerAdapter]:
    """Yield an adapter that posts to the chat server at that URL."""
    at_once = httpx.Limits(max_connections=None, max_keepalive_connections=limits.at_once)
    # The adapter's own timeout covers a whole call; the library's would cover each read and each write.
    async with httpx.AsyncClient(base_url=url, timeout=None, limits=at_once, trust_env=False) as client:  # noqa: S113
        yield ChatServerAdapter(client, seconds=seconds, limits=limits)


def _path(channel: Channel) -> str:
    return f"/channels/{quote(name_of(channel), safe='')}/messages"


@contextmanager
def _translated() -> Iterator[None]:
    """Translate the client's errors into "not posted" (`PostRefused`) and "may have been posted" (`PostUnknown`)."""
    try:
        yield
    except httpx.ConnectError as error:
        raise PostRefused("The chat cannot be reached.", everywhere=True) from error
    except (TimeoutError, httpx.TransportError) as error:
        raise PostUnknown(f"No answer came: {type(error).__name__}.") from error


def _refused(answer: httpx.Response) -> NoReturn:
    match answer.status_code:
        case HTTPStatus.TOO_MANY_REQUESTS:
            everywhere = bool(answer.json().get("global"))
            raise PostRefused("429", retry_after=float(answer.headers["Retry-After"]), everywhere=everywhere)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE | HTTPStatus.BAD_REQUEST:
            raise PostTooLarge("The message is too large.")
        case HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND:
            raise ChannelGone("The channel is gone.")
    raise PostUnknown(f"The chat answered {answer.status_code}.")
