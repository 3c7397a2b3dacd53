"""Slack's Web API: posting and finding parts, and translating Slack's errors."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bots.chat.platform_clock import PlatformClock
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import PostRefused, PostUnknown
from bots.ports.permits import Permits
from bots.slack.members import members_of
from bots.slack.method_limits import MethodLimits
from bots.slack.refusals import delivery_error
from bots.slack.web_client import CALL, new_client, said_by
from bots.translation.speech import gettext_lazy

#: Metadata event type that carries a part's key: the whole workspace can read it, so the key is only a hash.
_EVENT = "paperwire_part"
#: The fields of a payload that are sent to Slack; the others are for splitting.
_SENT = ("text", "blocks", "unfurl_links", "unfurl_media")
#: Allowed difference between the clocks of Slack's own servers.
_SKEW = timedelta(minutes=2)
#: An app distributed outside the Marketplace gets fifteen messages per request (docs.slack.dev, rate limits).
_PAGE = 15
#: Pages read per search; the next search continues after them.
_PAGES = 4
#: The thread does not exist or does not accept replies; the channel still does.
_NO_THREAD = frozenset(
    {
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
    }
)

TokenOf = Callable[[str], Awaitable[str]]


class SlackPoster:
    """Posts and finds parts through the Web API of each workspace."""

    def __init__(
        self,
        api_url: str,
        token_of: TokenOf,
        *,
        seconds: float = CALL,
        time: PlatformClock | None = None,
        session: aiohttp.ClientSession | None = None,
        permits: Permits | None = None,
    ) -> None:
        self._api_url = api_url
        self._token_of = token_of
        #: Timeout of a call.
        self._seconds = seconds
        self._time = time or PlatformClock("Slack")
        #: The connections for calls; None opens one for each call.
        self._session = session
        self._permits = permits
        #: For each unfinished search for a key: how far the channel was read backwards and the thread forwards. An app
        #: that may read one page a minute must not start again each time.
        self._read: dict[tuple[str, str], str] = {}

    async def of(self, workspace: str) -> AsyncWebClient:
        """Return the Web API client of a workspace.

        Raises:
            ChannelGone: the app is not installed there.
        """
        return self._client(await self._token_of(workspace), MethodLimits(self._permits, workspace))

    def _client(self, token: str | None, limits: MethodLimits | None = None) -> AsyncWebClient:
        return new_client(
            token,
            self._api_url,
            timeout=self._seconds,
            heard=self._time.heard,
            session=self._session,
            limits=limits,
        )

    async def platform_time(self) -> datetime | None:
        """Return Slack's time, which every response tells; see `Timed.platform_time` for errors."""
        if self._time.now() is None:
            with _translated():
                async with asyncio.timeout(self._seconds):
                    # The only method without a token: docs.slack.dev/reference/methods/api.test
                    await self._client(None).api_test()
        return self._time.now()

    async def post(self, part: Part, key: str, root: str) -> str:
        """Post a part with its key in the metadata and return the message's `ts`; see `Adapter.post` for errors."""
        client = await self.of(part.channel.workspace)
        self._forget(key)
        sent: dict[str, Any] = {name: part.payload[name] for name in _SENT if name in part.payload}
        sent |= {"channel": part.channel.channel, "metadata": {"event_type": _EVENT, "event_payload": {"key": key}}}
        thread = root if part.payload.get("in_thread") else ""
        with _translated():
            async with asyncio.timeout(self._seconds):
                answer = await _posted(client, sent, thread)
        if not answer.get("ts"):
            raise PostUnknown(gettext_lazy("Slack did not confirm the message."))
        return str(answer["ts"])

    async def members(self, channel: Channel, users: Collection[str]) -> frozenset[str]:
        """Return which of the people are in a channel; see `SeesMembers.members` for errors."""
        client = await self.of(channel.workspace)
        with _translated():
            async with asyncio.timeout(self._seconds):
                return await members_of(client, channel.channel, users)

    async def find(self, channel: Channel, key: str, since: datetime, root: str) -> str | None:
        """Return the `ts` of the message that carries a key, or None; see `Adapter.find` for errors."""
        client = await self.of(channel.workspace)
        where = {"channel": channel.channel, "oldest": f"{(since - _SKEW).timestamp():.6f}"}
        found = None
        with _translated(asking=True):
            if root:
                found = await self._find_in_thread(client, key, {**where, "ts": root})
            # A later part of a digest is in its thread or in the channel: only its payload says which.
            found = found or await self._find(client, client.conversations_history, key, where, "latest")
        self._forget(key)
        return found

    async def _find_in_thread(self, client: AsyncWebClient, key: str, where: Mapping[str, str]) -> str | None:
        try:
            return await self._find(client, client.conversations_replies, key, where, "oldest")
        except SlackApiError as error:
            if said_by(error)[0] not in _NO_THREAD:
                raise
            return None

    async def _find(
        self, client: AsyncWebClient, ask: "_Ask", key: str, where: Mapping[str, str], moves: str
    ) -> str | None:
        """Continue the search for a key after the last page read.

        `moves` names the time bound that advances with each page.
        """
        for _ in range(_PAGES):
            read = self._read.get((key, moves))
            bounds: dict[str, Any] = {**where, moves: read} if read else {**where, "inclusive": True}
            async with asyncio.timeout(self._seconds):
                page = await ask(limit=_PAGE, include_all_metadata=True, **bounds)
            messages: Sequence[Mapping[str, Any]] = page.get("messages") or ()
            for message in messages:
                if _key_of(message) == key and await self._is_ours(client, message):
                    return str(message["ts"])
            if not messages or not page.get("has_more"):
                return None
            self._read[key, moves] = str(messages[-1]["ts"])
        raise PostUnknown(
            gettext_lazy("{channel} has too many newer messages to search at once.", channel=where["channel"])
        )

    async def _is_ours(self, client: AsyncWebClient, message: Mapping[str, Any]) -> bool:
        """Return whether a message with our key is our own: anyone can read the key, and another app can copy it."""
        async with asyncio.timeout(self._seconds):
            own = await client.auth_test()
        # In an organisation the bot may have a different user id in each workspace.
        return bool(own.get("is_enterprise_install")) or any(
            own.get(mine) and own.get(mine) == message.get(theirs)
            for mine, theirs in (("bot_id", "bot_id"), ("user_id", "user"))
        )

    def _forget(self, key: str) -> None:
        for moves in ("latest", "oldest"):
            self._read.pop((key, moves), None)


_Ask = Callable[..., Awaitable[AsyncSlackResponse]]


async def _posted(client: AsyncWebClient, sent: Mapping[str, Any], thread: str) -> AsyncSlackResponse:
    """Post into a thread, or into its channel if Slack refuses the thread: a refused message was not posted."""
    if thread:
        try:
            return await client.chat_postMessage(**sent, thread_ts=thread)
        except SlackApiError as error:
            if said_by(error)[0] not in _NO_THREAD:
                raise
    return await client.chat_postMessage(**sent)


def _key_of(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {} if metadata.get("event_type") == _EVENT else {}
    return str(payload.get("key") or "")


@contextmanager
def _translated(*, asking: bool = False) -> Iterator[None]:
    """Translate Slack's errors into delivery errors.

    Args:
        asking: whether the call reads the history; an error that denies reading then becomes HistoryClosed.
    """
    try:
        yield
    except SlackApiError as error:
        raise delivery_error(error, asking=asking) from error
    except aiohttp.ClientConnectorError as error:
        # Slack was never reached: nothing was posted.
        raise PostRefused(gettext_lazy("Slack cannot be reached: {why}.", why=str(error)), everywhere=True) from error
    except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError, ValueError) as error:
        raise PostUnknown(gettext_lazy("Slack did not answer: {error}.", error=type(error).__name__)) from error
