"""Find which channels a person can read: those of everyone, which replies may name, and the private ones."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.untrusted import at
from bots.domain.channels import Channel, Reader
from bots.domain.errors import PaperwireError
from bots.ports import Clock
from bots.slack.people import profile
from bots.slack.web_client import UNCONFIRMED

#: Seconds for each call; a reply waits for two of them.
_PATIENCE = 1.0
#: Seconds for the members of a channel, and how many are read: a larger channel is public (docs.slack.dev,
#: conversations.members: at most 1,000 in a page).
_TO_LIST, _PAGE, _MOST_PAGES = 5.0, 1000, 10
#: After this time a channel or a person is asked about again: a public channel can become private.
_FRESH = timedelta(minutes=10)
#: Answers that are remembered; more than a workspace's channels with digests.
_MOST_KNOWN = 2048
#: Guests see only the channels that they were added to (docs.slack.dev, User type).
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    told: bool
    asked: datetime


class ReadableChannels:
    """Asks Slack whether channels are public and whether a person is a full member; answers are kept for minutes."""

    def __init__(self, client_of: Callable[[str], Awaitable[AsyncWebClient]], clock: Clock) -> None:
        self._client_of = client_of
        self._clock = clock
        self._known: dict[Channel | Reader, _Known] = {}

    async def readable(
        self, reader: Reader, channels: Collection[Channel], *, alone: bool = False
    ) -> frozenset[Channel]:
        """Return the public channels among some, if the person is no guest; see `ShowsChannels.readable`.

        Private channels are left out even for their members, unless the person is alone: others may read a reply.
        """
        try:
            client = await self._client_of(reader.workspace)
        except PaperwireError:
            return frozenset()
        inside = [each for each in channels if each.workspace == reader.workspace]
        calls = (self._told(each, partial(_is_public, client, each.channel)) for each in inside)
        member, *public = await asyncio.gather(self._told(reader, partial(_is_member, client, reader.user)), *calls)
        found = frozenset(each for each, told in zip(inside, public, strict=True) if told and member)
        return found | await _joined(client, reader.user, [each for each in inside if each not in found and alone])

    async def _told(self, about: Channel | Reader, call: Callable[[], Awaitable[bool | None]]) -> bool:
        """Return what Slack says about a channel or a person; False, for this time, if it does not say anything."""
        known, now = self._known.get(about), self._clock()
        if known is not None and abs(now - known.asked) < _FRESH:
            return known.told
        told = await call()
        if told is None:
            return False
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[about] = _Known(told=told, asked=now)
        return told


async def _joined(client: AsyncWebClient, user: str, channels: Sequence[Channel]) -> frozenset[Channel]:
    """Return the channels that a person is in; asked each time, because who leaves one must read it no longer."""
    told = await asyncio.gather(*(_is_in(client, user, each.channel) for each in channels))
    return frozenset(each for each, inside in zip(channels, told, strict=True) if inside)


async def _is_in(client: AsyncWebClient, user: str, channel: str) -> bool:
    cursor = ""
    try:
        async with asyncio.timeout(_TO_LIST):
            for _ in range(_MOST_PAGES):
                page = await client.conversations_members(channel=channel, cursor=cursor, limit=_PAGE)
                if user in (page.get("members") or ()):
                    return True
                cursor = str(at(page.get("response_metadata"), "next_cursor") or "")
                if not cursor:
                    return False
    except (SlackApiError, *UNCONFIRMED, ValueError):
        return False
    return False


async def _is_public(client: AsyncWebClient, channel: str) -> bool | None:
    if not channel.startswith("C"):
        return False
    try:
        async with asyncio.timeout(_PATIENCE):
            answer = await client.conversations_info(channel=channel)
    except (SlackApiError, *UNCONFIRMED, ValueError):
        return None
    about = answer.get("channel") or {}
    closed = ("is_private", "is_im", "is_mpim", "is_group")
    return bool(at(about, "is_channel")) and not any(at(about, each) for each in closed)


async def _is_member(client: AsyncWebClient, user: str) -> bool | None:
    told = await profile(client, user, _PATIENCE)
    return None if told is None else not any(told.get(each) for each in _GUEST)
