"""Post a part to a channel, a thread or a forum, once, and find it again."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import discord

from bots.chat.http_dates import retry_after
from bots.discord import error_translation
from bots.discord.channel_access import check_channel
from bots.discord.channel_kinds import FORUMS, ChannelKind, snowflake_at, tags_of, when
from bots.discord.embeds import as_embeds
from bots.discord.error_translation import translated
from bots.discord.message_marks import carries, marked, nonce
from bots.discord.payloads import PERSON
from bots.discord.permissions import Permission, names_of
from bots.discord.rest_client import RestClient
from bots.discord.rights import lacking_in, readers_of
from bots.discord.settings import MessageFormat
from bots.discord.transport import FAILED
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import ChannelGone, HistoryClosed, PaperwireError, PostUnknown
from bots.ports.rate_limits import CALL_TIMEOUT
from bots.translation.speech import gettext_lazy

_log = logging.getLogger(__name__)

Json = dict[str, Any]
#: The fields of a payload that are sent; the others are for our own use.
_SENT = ("flags", "components", "embeds", "content", "allowed_mentions")
#: Tolerance for the difference between the clocks of Discord's own servers.
_SKEW = timedelta(minutes=2)
#: docs.discord.com, Get Channel Messages: 100 at most.
_PAGE = 100
#: Pages read in one call; the next call continues from there.
_PAGES = 5
#: Posts checked in a forum, from the last hours; a server has at most 1,000 active threads.
_MOST_POSTS = 50
_CALL = CALL_TIMEOUT - 2
#: docs.discord.com, Start Thread: minutes after which an unused thread is archived; the maximum, so that people can
#: still discuss a week's digest.
_ARCHIVE = 10_080
#: Replaces the id of a message that was deleted before we received its id.
_DELETED = "deleted"
_DEFAULT_TITLE = "Papers"


class DiscordPoster:
    """Posts parts and finds posted ones again."""

    def __init__(self, rest: RestClient, *, look: MessageFormat, publish: bool, seconds: float = _CALL) -> None:
        self._rest = rest
        self._look = look
        self._publish = publish
        #: Timeout of a call, in seconds.
        self._seconds = seconds
        #: Known channel types, by channel: a type does not change.
        self._kinds: dict[str, int] = {}
        #: Position up to which each channel was read, for a key that is not found yet.
        self._read: dict[str, dict[str, str]] = {}

    async def post(self, part: Part, key: str, root: str) -> str:
        """Post a part and return the message's id; raises the errors of `Adapter.post`."""
        self._read.pop(key, None)
        try:
            with translated(part.channel):
                async with asyncio.timeout(self._seconds):
                    hangs = root if part.payload.get("thread") else ""
                    return await self._posted(replace(part, channel=await self._place(part.channel)), key, hangs)
        except ChannelGone as error:
            raise await self._explained(error, part.channel) from error

    async def members(self, channel: Channel, users: Collection[str]) -> frozenset[str]:
        """Return which of the people can read a channel; see `SeesMembers.members` for errors."""
        with translated(channel, asking=True):
            async with asyncio.timeout(self._seconds):
                return await readers_of(self._rest, channel, users)

    async def check_channel(self, channel: Channel) -> None:
        """Return if digests can be posted to a channel; see `ChecksChannels.check_channel` for errors."""
        async with asyncio.timeout(self._seconds):
            await check_channel(self._rest, channel)

    async def _explained(self, error: ChannelGone, channel: Channel) -> ChannelGone:
        """Return the error that names the missing permissions, if that is the reason and Discord tells them in time."""
        try:
            async with asyncio.timeout(self._seconds):
                return await lacking_in(self._rest, channel) or error
        except (*FAILED, PaperwireError, KeyError, ValueError):
            return error

    async def _place(self, channel: Channel) -> Channel:
        """Return the channel to post in: for a person, their direct messages with the bot."""
        if not channel.channel.startswith(PERSON):
            return channel
        asked = {"recipient_id": channel.channel.removeprefix(PERSON)}
        opened = await self._rest.ask("POST", "/users/@me/channels", body=asked)
        return replace(channel, channel=str(opened["id"]))

    async def _posted(self, part: Part, key: str, root: str) -> str:
        body = self._body(part.payload)
        if root and await self._thread(part, root):
            try:
                return await self._create(root, body, key)
            except discord.HTTPException as error:
                if error.code not in error_translation.NO_THREAD:
                    raise
        channel = part.channel.channel
        if self._kinds.get(channel) in FORUMS:
            return await self._forum(part, body, key)
        try:
            posted = await self._create(channel, body, key)
        except discord.HTTPException as error:
            if error.code != error_translation.FORUM:
                raise
            return await self._forum(part, body, key)
        if self._publish and part.number == 1:
            await self._published(channel, posted)
        return posted

    def _body(self, payload: Mapping[str, object]) -> Json:
        shown = as_embeds(payload) if self._look is MessageFormat.EMBEDS else payload
        return {name: shown[name] for name in _SENT if name in shown}

    async def _create(self, channel: str, body: Json, key: str) -> str:
        """Post into a channel or thread; the nonce ensures that a repeated request posts one message."""
        sent = {**marked(body, key), "nonce": nonce(key, channel), "enforce_nonce": True}
        try:
            answer = await self._rest.ask("POST", f"/channels/{channel}/messages", body=sent)
        except discord.HTTPException as error:
            if error.code == error_translation.DELETED_SINCE:
                return _DELETED
            raise
        if not isinstance(answer, dict) or not answer.get("id"):
            raise PostUnknown(gettext_lazy("Discord did not confirm the message."))
        return str(answer["id"])

    async def _thread(self, part: Part, root: str) -> bool:
        """Create the thread of a digest's first message, unless it exists; return False if there can be none."""
        if root == _DELETED:
            return False
        if self._kinds.get(part.channel.channel) in FORUMS:
            return True  # A forum post is a thread already.
        asked = {"name": _title(part), "auto_archive_duration": _ARCHIVE}
        try:
            await self._rest.ask("POST", f"/channels/{part.channel.channel}/messages/{root}/threads", body=asked)
        except discord.HTTPException as error:
            if error.code == error_translation.THREAD_EXISTS:
                return True
            # A forum post cannot have a thread: it is one.
            return await self._kind(part.channel.channel) in FORUMS if error.status < 500 else False
        return True

    async def _forum(self, part: Part, body: Json, key: str) -> str:
        """Post into a forum with a single request: a post has no nonce, and the library would repeat the request."""
        channel = await self._channel(part.channel.channel)
        if int(channel.get("type", -1)) not in FORUMS:
            raise error_translation.gone(error_translation.FORUM)
        tags = tags_of(channel)
        if tags is None:
            raise error_translation.gone(error_translation.NEEDS_TAG)
        asked = {
            "name": _title(part),
            "auto_archive_duration": _ARCHIVE,
            "applied_tags": list(tags),
            "message": marked(body, key),
        }
        status, said, headers = await self._rest.once("POST", f"/channels/{part.channel.channel}/threads", asked)
        if status < 300 and said.get("id"):
            return str(said["id"])
        raise error_translation.meaning(
            part.channel,
            status,
            int(said.get("code") or 0),
            str(said.get("message") or status),
            retry_after=retry_after({**headers, **_asked_in(said)}),
        )

    async def _published(self, channel: str, message: str) -> None:
        """Publish a message of an announcement channel; a failure is logged and does not cause another post."""
        try:
            if await self._kind(channel) == ChannelKind.ANNOUNCEMENT and message != _DELETED:
                await self._rest.ask("POST", f"/channels/{channel}/messages/{message}/crosspost")
        except FAILED as error:
            if getattr(error, "code", 0) != error_translation.PUBLISHED:
                _log.warning("a digest could not be published", extra={"channel": channel, "error": str(error)})

    async def _kind(self, channel: str) -> int:
        if channel not in self._kinds:
            await self._channel(channel)
        return self._kinds[channel]

    async def _channel(self, channel: str) -> Mapping[str, Any]:
        found = await self._rest.ask("GET", f"/channels/{channel}")
        self._kinds[channel] = int(found.get("type", -1))
        return found if isinstance(found, dict) else {}

    async def platform_time(self) -> datetime | None:
        """Return Discord's time; see `Timed.platform_time` for errors."""
        with translated(None):
            async with asyncio.timeout(self._seconds):
                return await self._rest.platform_time()

    # ── finding a posted message ─────────────────────────────────────────────────────────────────────────────────────

    async def find(self, channel: Channel, key: str, since: datetime, root: str) -> str | None:
        """Return the id of the message that carries a key; raises the errors of `Adapter.find`."""
        after = snowflake_at(since - _SKEW)
        with translated(channel, asking=True):
            channel = await self._place(channel)
            about = await self._asked(self._channel(channel.channel))
            if int(about.get("type", -1)) in FORUMS and not root:
                found = await self._find_post(channel, key, since)
            else:
                found = await self._find_in_thread(root, key, after) if root else None
                # A later part of a digest is in its thread or in the channel; only the part's payload says which.
                found = found or await self._find_in(about, key, after)
        self._read.pop(key, None)
        return found

    async def _find_in_thread(self, root: str, key: str, after: str) -> str | None:
        try:
            return await self._find_in(await self._asked(self._channel(root)), key, after)
        except discord.HTTPException as error:
            if error.code not in error_translation.NO_THREAD:
                raise
            return None

    async def _find_in(self, channel: Mapping[str, Any], key: str, after: str) -> str | None:
        name = str(channel.get("id", ""))
        if int(channel.get("type", -1)) in FORUMS or not _newer(channel.get("last_message_id"), after):
            return None  # No message was posted there since.
        me, read = await self._rest.me(), self._read.get(key, {}).get(name, after)
        for _ in range(_PAGES):
            page = await self._asked(self._page(name, read))
            if not page and read == after:
                # Without Read Message History Discord returns an empty list (docs.discord.com, Get Channel Messages).
                raise HistoryClosed(
                    gettext_lazy("Discord does not let Paperwire read the history of {channel}.", channel=name),
                    hint=gettext_lazy(
                        "Allow Paperwire {permissions} there.", permissions=names_of(Permission.READ_MESSAGE_HISTORY)
                    ),
                )
            for message in page:
                if str((message.get("author") or {}).get("id")) == me and carries(message, key):
                    self._read.pop(key, None)
                    return str(message["id"])
            if len(page) < _PAGE:
                return None
            read = self._read.setdefault(key, {})[name] = max((str(each["id"]) for each in page), key=int)
        raise PostUnknown(gettext_lazy("{channel} has too many newer messages to search at once.", channel=name))

    async def _page(self, channel: str, after: str) -> list[Mapping[str, Any]]:
        query = {"after": after, "limit": str(_PAGE)}
        return list(await self._rest.ask("GET", f"/channels/{channel}/messages", query=query))

    async def _find_post(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Search a forum for a post: check the first message of each post that the bot created since then."""
        me = await self._rest.me()
        active = await self._asked(self._rest.ask("GET", f"/guilds/{channel.workspace}/threads/active"))
        ours = [
            str(each["id"])
            for each in active.get("threads") or ()
            if str(each.get("parent_id")) == channel.channel and str(each.get("owner_id")) == me
        ]
        lately = sorted((each for each in ours if when(each) >= since - _SKEW), key=int, reverse=True)
        for post in lately[:_MOST_POSTS]:
            first = await self._asked(self._first_of(post))
            if carries(first, key):
                return post
        return None

    async def _first_of(self, post: str) -> Mapping[str, Any]:
        try:
            found = await self._rest.ask("GET", f"/channels/{post}/messages/{post}")
        except discord.NotFound:
            return {}
        return found if isinstance(found, dict) else {}

    async def _asked(self, asking: Any) -> Any:
        async with asyncio.timeout(self._seconds):
            return await asking


def _asked_in(said: Mapping[str, object]) -> Mapping[str, object]:
    """Return the pause that a body requests, which is more exact than the header, as that header."""
    return {"Retry-After": said["retry_after"]} if said.get("retry_after") else {}


def _title(part: Part) -> str:
    return str(part.payload.get("title") or _DEFAULT_TITLE)


def _newer(last: object, after: str) -> bool:
    return isinstance(last, str) and last.isdigit() and int(last) >= int(after)
