"""Targets of a response (a thread, one person, a channel, a view), and the time zone of a person."""

import asyncio
import logging
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bots.chat.phrases import clean, cut
from bots.chat.untrusted import is_theirs, text_at
from bots.slack.blocks import Json, escape, said, small
from bots.slack.payloads import Location, first_text
from bots.slack.responses import Payload, ResponseTarget
from bots.slack.web_client import said_by

_log = logging.getLogger(__name__)

#: docs.slack.dev/interactivity/handling-user-interaction: a response URL takes five messages within 30 minutes.
_MOST_USES = 5
#: The hosts of response URLs; the second is GovSlack's.
_RESPONSE_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
#: Timeout for reading a profile: a trigger id, which opens a modal, expires after three seconds.
_PROFILE = 1.0
#: Longest command or label that is repeated to the person.
_MAX_ECHO = 200
#: Errors of chat.postEphemeral if the bot or the person is not in the channel: the reply then goes to direct messages.
_NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived", "cannot_dm_bot"})


async def update_view(client: AsyncWebClient, view_id: str, view: Json) -> None:
    """Replace the content of an open view."""
    await client.views_update(view_id=view_id, view=view)


def target(client: AsyncWebClient, location: Location, body: object) -> ResponseTarget:
    """Return the response target: the thread of a person's message, or for interactions a message only they see."""
    return (
        ThreadTarget(client, location)
        if text_at(body, "event", "type")
        else EphemeralTarget(client, location, echo(body))
    )


class ThreadTarget:
    """Responds in the thread of a message; the answer replaces the announcement."""

    def __init__(self, client: AsyncWebClient, location: Location) -> None:
        self._client = client
        self._location = location
        #: Timestamp of the announcement that the answer replaces.
        self._standing = ""

    async def announce(self) -> None:
        """Post that the answer takes a moment."""
        self._standing = await self._post({"text": "One moment, reading…"})

    async def say(self, payload: Payload) -> None:
        """Post a message."""
        standing, self._standing = self._standing, ""
        if not standing or not await self._replaced(standing, payload):
            await self._post(payload)

    async def _replaced(self, standing: str, payload: Payload) -> bool:
        channel = self._location.channel.channel
        shown: dict[str, Any] = {name: payload[name] for name in ("text", "blocks") if name in payload}
        try:
            await self._client.chat_update(channel=channel, ts=standing, **shown)
        except SlackApiError as error:
            # A person has most likely deleted it.
            _log.info("a waiting notice could not be replaced", extra={"error": said_by(error)[0]})
            return False
        return True

    async def _post(self, payload: Payload) -> str:
        root = self._location.thread or self._location.message
        posted = await self._client.chat_postMessage(
            channel=self._location.channel.channel, thread_ts=root or None, **_sent(payload)
        )
        return str(posted["ts"])


class EphemeralTarget:
    """Responds with a message that only one person sees."""

    def __init__(self, client: AsyncWebClient, location: Location, asked: str = "") -> None:
        self._client = client
        self._location = location
        self._asked = asked
        self._uses = 0

    async def announce(self) -> None:
        """Repeat the request to the person: an ephemeral message cannot be replaced by the answer.

        It stays above the answer, so its text must still be true then.
        """
        text = f"{self._asked} The answer follows.".strip()
        line = small(text)
        await self.say({"text": escape(text), "blocks": [line or said(text)]})

    async def say(self, payload: Payload) -> None:
        """Post a message."""
        if not await self._replied(_in_place(payload, self._location)):
            await self._beside(_in_place(payload, self._location))

    async def _replied(self, sent: dict[str, Any]) -> bool:
        url = self._location.response_url
        if self._uses >= _MOST_USES or not is_theirs(url, _RESPONSE_HOSTS, self._client.base_url):
            return False
        self._uses += 1
        hook = AsyncWebhookClient(url, retry_handlers=[])
        # Never replace the original: it is the message with the button, usually a digest.
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
    """Responds to a whole channel, without an announcement."""

    def __init__(self, client: AsyncWebClient, location: Location) -> None:
        self._client = client
        self._location = location

    async def announce(self) -> None:
        """Do nothing: the person sees the answer in the channel."""

    async def say(self, payload: Payload) -> None:
        """Post a message."""
        await self._client.chat_postMessage(channel=self._location.channel.channel, **_sent(payload))


def _in_place(payload: Payload, location: Location) -> dict[str, Any]:
    return {**_sent(payload), **({"thread_ts": location.thread} if location.thread else {})}


def _sent(payload: Payload) -> dict[str, Any]:
    names = ("text", "blocks", "unfurl_links", "unfurl_media")
    return {name: payload[name] for name in names if name in payload}


def echo(body: object) -> str:
    """Return a sentence that repeats a person's command or button label; empty if the payload holds neither."""
    if command := text_at(body, "command"):
        typed = " ".join(clean(f"{command} {text_at(body, 'text')}").split())
        return f"You asked: {cut(typed, _MAX_ECHO)}"
    label = first_text(body, ("actions", 0, "text", "text"), ("actions", 0, "selected_option", "text", "text"))
    return f"You pressed: {cut(clean(label), _MAX_ECHO)}." if label else ""


async def zone_of(client: AsyncWebClient, user: str) -> ZoneInfo | None:
    """Return the time zone in a person's profile; None if it is not available within the timeout."""
    try:
        async with asyncio.timeout(_PROFILE):
            answer = await client.users_info(user=user)
        return ZoneInfo(str((answer.get("user") or {})["tz"]))
    except (SlackApiError, OSError, TimeoutError, ZoneInfoNotFoundError, ValueError, KeyError):
        return None
