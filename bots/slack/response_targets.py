"""Where an answer is said: in a thread, to one person, to a channel, in a view; and where that person lives."""

import asyncio
import logging
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bots.chat.untrusted import text_at
from bots.presentation.phrases import clean, cut
from bots.slack.blocks import Json, escape, said, small
from bots.slack.payloads import Location, first_text
from bots.slack.poster import said_by
from bots.slack.responses import Payload, ResponseTarget

_log = logging.getLogger(__name__)

#: docs.slack.dev/interactivity/handling-user-interaction: a response URL is good for five messages in 30 minutes.
_MOST_USES = 5
#: A profile that has not come by then is not waited for: a trigger that a window opens by lives three seconds.
_PROFILE = 1.0
#: Of a command, when it is repeated to whoever typed it.
_MAX_ECHO = 200
#: What chat.postEphemeral says where we or the person are not: they are told in their own conversation with us.
_NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived", "cannot_dm_bot"})


async def update_view(client: AsyncWebClient, view_id: str, view: Json) -> None:
    """Put another view in the place of one that is open."""
    await client.views_update(view_id=view_id, view=view)


def target(client: AsyncWebClient, location: Location, body: object) -> ResponseTarget:
    """Return what answers whoever did something: in the thread of what they wrote, or where only they see it."""
    return (
        ThreadTarget(client, location)
        if text_at(body, "event", "type")
        else EphemeralTarget(client, location, echo(body))
    )


class ThreadTarget:
    """Answers a message under it; a word in between gives its place to the answer."""

    def __init__(self, client: AsyncWebClient, location: Location) -> None:
        self._client = client
        self._location = location
        #: The message that stands until there is an answer.
        self._standing = ""

    async def announce(self) -> None:
        """Say that an answer takes a moment."""
        self._standing = await self._post({"text": "One moment, reading…"})

    async def say(self, payload: Payload) -> None:
        """Say something."""
        standing, self._standing = self._standing, ""
        if not standing or not await self._replaced(standing, payload):
            await self._post(payload)

    async def _replaced(self, standing: str, payload: Payload) -> bool:
        channel = self._location.channel.channel
        shown: dict[str, Any] = {name: payload[name] for name in ("text", "blocks") if name in payload}
        try:
            await self._client.chat_update(channel=channel, ts=standing, **shown)
        except SlackApiError as error:
            # Somebody removed it, most likely.
            _log.info("an announcement could not be replaced", extra={"error": said_by(error)[0]})
            return False
        return True

    async def _post(self, payload: Payload) -> str:
        root = self._location.thread or self._location.message
        posted = await self._client.chat_postMessage(
            channel=self._location.channel.channel, thread_ts=root or None, **_sent(payload)
        )
        return str(posted["ts"])


class EphemeralTarget:
    """Answers one person, where nobody else sees it."""

    def __init__(self, client: AsyncWebClient, location: Location, asked: str = "") -> None:
        self._client = client
        self._location = location
        self._asked = asked
        self._uses = 0

    async def announce(self) -> None:
        """Repeat what was asked: nothing can take the place of a message that only one person sees.

        It stands above the answer afterwards, so it says what is true then, too.
        """
        text = f"{self._asked} The answer follows.".strip()
        line = small(text)
        await self.say({"text": escape(text), "blocks": [line or said(text)]})

    async def say(self, payload: Payload) -> None:
        """Say something."""
        if not await self._replied(_in_place(payload, self._location)):
            await self._beside(_in_place(payload, self._location))

    async def _replied(self, sent: dict[str, Any]) -> bool:
        if not self._location.response_url or self._uses >= _MOST_USES:
            return False
        self._uses += 1
        hook = AsyncWebhookClient(self._location.response_url, retry_handlers=[])
        # Never in place of the original: that is the message with the button, somebody's digest.
        answer = await hook.send_dict({**sent, "response_type": "ephemeral", "replace_original": False})
        if answer.status_code != 200:
            _log.warning("a response URL was refused", extra={"status": answer.status_code, "said": answer.body[:100]})
        return answer.status_code == 200

    async def _beside(self, sent: dict[str, Any]) -> None:
        channel, user = self._location.channel.channel, self._location.user
        if channel != user:
            try:
                await self._client.chat_postEphemeral(channel=channel, user=user, **sent)
            except SlackApiError as error:
                if said_by(error)[0] not in _NOT_THERE:
                    raise
            else:
                return
        direct = {name: value for name, value in sent.items() if name != "thread_ts"}
        await self._client.chat_postMessage(channel=user, **direct)


class ChannelTarget:
    """Answers a whole channel, and tells nobody that it takes a moment."""

    def __init__(self, client: AsyncWebClient, location: Location) -> None:
        self._client = client
        self._location = location

    async def announce(self) -> None:
        """Say nothing: who asked will see it."""

    async def say(self, payload: Payload) -> None:
        """Say something."""
        await self._client.chat_postMessage(channel=self._location.channel.channel, **_sent(payload))


def _in_place(payload: Payload, location: Location) -> dict[str, Any]:
    return {**_sent(payload), **({"thread_ts": location.thread} if location.thread else {})}


def _sent(payload: Payload) -> dict[str, Any]:
    names = ("text", "blocks", "unfurl_links", "unfurl_media")
    return {name: payload[name] for name in names if name in payload}


def echo(body: object) -> str:
    """Return what somebody asked, as they did it; empty where that cannot be said in words."""
    if command := text_at(body, "command"):
        typed = " ".join(clean(f"{command} {text_at(body, 'text')}").split())
        return f"You asked: {cut(typed, _MAX_ECHO)}"
    label = first_text(body, ("actions", 0, "text", "text"), ("actions", 0, "selected_option", "text", "text"))
    return f"You pressed: {cut(clean(label), _MAX_ECHO)}." if label else ""


async def zone_of(client: AsyncWebClient, user: str) -> ZoneInfo | None:
    """Return the time zone of a person's profile; None where it cannot be had, or not at once."""
    try:
        async with asyncio.timeout(_PROFILE):
            answer = await client.users_info(user=user)
        return ZoneInfo(str((answer.get("user") or {})["tz"]))
    except (SlackApiError, OSError, TimeoutError, ZoneInfoNotFoundError, ValueError, KeyError):
        return None
