"""Targets of a response (a thread, one person, a channel, a view); each has a second way for what Slack refuses."""

import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bots.chat.untrusted import is_theirs, text_at
from bots.slack.blocks import Json, fallback, said
from bots.slack.modal_windows import fill, lay
from bots.slack.modals import MAX_BLOCKS, MAX_BYTES, modal
from bots.slack.payloads import Location
from bots.slack.refusals import GONE, TOO_LARGE, reason
from bots.slack.responses import Payload, ResponseTarget
from bots.slack.web_client import UNCONFIRMED, UNREACHED, said_by
from bots.translation.speech import gettext, pgettext

_log = logging.getLogger(__name__)

#: docs.slack.dev/interactivity/handling-user-interaction: a response URL takes five messages within 30 minutes.
_MOST_USES = 5
#: The hosts of response URLs; the second is GovSlack's.
_RESPONSE_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
#: Slack could not show a message with these blocks; it shows their text.
#: The bot is in no position to post there: the answer goes to the person's direct messages.
_NOT_THERE = frozenset({"user_not_in_channel", "cannot_dm_bot", "thread_not_found", *GONE})


def target(client: AsyncWebClient, location: Location, body: object) -> ResponseTarget:
    """Return the response target: the thread of a person's message, or for interactions a message only they see."""
    return ThreadTarget(client, location) if text_at(body, "event", "type") else EphemeralTarget(client, location)


class ThreadTarget:
    """Responds in the thread of a message, in direct messages below it; the answer replaces the announcement."""

    def __init__(self, client: AsyncWebClient, location: Location) -> None:
        self._client = client
        self._location = location
        #: Timestamp of the announcement that the answer replaces.
        self._standing = ""
        #: Whether the person has been told why the answer is in their direct messages.
        self._told = False

    async def announce(self) -> None:
        """Post that the answer takes a moment."""
        self._standing = await self._post({"text": fallback(gettext("One moment, reading…"))})

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
        channel = self._location.channel.channel
        # In direct messages an answer follows its question; in a channel it must not stand between others' messages.
        root = self._location.thread or ("" if channel.startswith("D") else self._location.message)
        try:
            posted = await sent(
                self._client.chat_postMessage, {"channel": channel, "thread_ts": root or None, **_sent(payload)}
            )
        except SlackApiError as error:
            said_why = said_by(error)[0]
            if said_why not in _NOT_THERE or channel.startswith("D"):
                raise
            return await self._to_person(payload, reason(said_why)[0])
        return str(posted["ts"])

    async def _to_person(self, payload: Payload, why: str) -> str:
        """Answer in the person's direct messages, and say why the answer is there."""
        unsaid = gettext("I could not answer in the channel.")
        note = gettext("I could not answer in the channel: {why}.", why=why) if why else unsaid
        user = self._location.user
        if not self._told:
            self._told = True
            await sent(self._client.chat_postMessage, {"channel": user, "text": fallback(note), "blocks": [said(note)]})
        await sent(self._client.chat_postMessage, {"channel": user, **_sent(payload)})
        return ""


class EphemeralTarget:
    """Responds with a message that only one person sees; a slow answer to a press comes in a window.

    Slack can neither replace nor delete a message that only one person sees (docs.slack.dev, Modifying messages;
    github.com/slackapi/bolt-python/issues/1268), so a waiting notice would stand above the answer for ever.
    """

    def __init__(self, client: AsyncWebClient, location: Location) -> None:
        self._client = client
        self._location = location
        self._uses = 0
        #: The id of the window that waits for the answer, and the blocks that it shows.
        self._window = ""
        self._shown: list[Json] = []

    async def announce(self) -> None:
        """Open a window that says that the answer takes a moment, if a control was pressed and Slack still lets us.

        Who typed a command goes on typing, and a window would take the keys.
        """
        if self._location.trigger and self._location.message:
            self._window = await lay(
                self._client, self._location, self._view([said(gettext("Reading…"))], pgettext("title", "One moment"))
            )

    async def say(self, payload: Payload) -> None:
        """Post a message, or show it in the window that waits for it."""
        if await self._filled(payload):
            return
        if not await self._replied(_in_place(payload, self._location)):
            await self._beside(_in_place(payload, self._location))

    async def _filled(self, payload: Payload) -> bool:
        blocks = payload.get("blocks")
        if not self._window or not isinstance(blocks, list):
            return False
        shown = [*self._shown, *blocks]
        view = self._view(_apart(shown), "Paperwire")
        fits = len(shown) <= MAX_BLOCKS and len(json.dumps(view)) <= MAX_BYTES
        if fits and await fill(self._client, self._window, view):
            self._shown = shown
            return True
        self._window = ""
        return False

    def _view(self, blocks: list[Json], title: str) -> Json:
        return modal(title, blocks, channel=self._location.channel, about={"home": self._location.direct})

    async def _replied(self, given: dict[str, Any]) -> bool:
        url = self._location.response_url
        if self._uses >= _MOST_USES or not is_theirs(url, _RESPONSE_HOSTS, self._client.base_url):
            return False
        self._uses += 1
        hook = AsyncWebhookClient(url, retry_handlers=[])
        try:
            # Never replace the original: it is the message with the button, usually a digest.
            answer = await hook.send_dict({**given, "response_type": "ephemeral", "replace_original": False})
        except UNCONFIRMED as error:
            # If it arrived nevertheless, the person sees the answer twice, and nobody else does.
            _log.warning("a response URL was not reached", extra={"error": type(error).__name__})
            return False
        if answer.status_code != 200:
            _log.warning("a response URL was refused", extra={"status": answer.status_code, "said": answer.body[:100]})
        return answer.status_code == 200

    async def _beside(self, given: dict[str, Any]) -> None:
        channel, user = self._location.channel.channel, self._location.user
        if channel != user:
            try:
                await sent(self._client.chat_postEphemeral, {"channel": channel, "user": user, **given})
            except SlackApiError as error:
                if said_by(error)[0] not in _NOT_THERE:
                    raise
            else:
                return
        direct = {name: value for name, value in given.items() if name != "thread_ts"}
        await sent(self._client.chat_postMessage, {"channel": user, **direct})


class ChannelTarget:
    """Responds to a whole channel, without an announcement; joins it first if it is public.

    If nothing can be posted there, the person is told why, and only they.
    """

    def __init__(self, client: AsyncWebClient, location: Location, privately: ResponseTarget) -> None:
        self._client = client
        self._location = location
        #: Where the person is told if it fails.
        self._privately = privately
        self._tried = self._refused = False

    async def announce(self) -> None:
        """Do nothing: the person sees the answer in the channel."""

    async def say(self, payload: Payload) -> None:
        """Post a message."""
        there = self._location.channel
        if self._refused:
            return
        try:
            await sent(self._client.chat_postMessage, {"channel": there.channel, **_sent(payload)})
        except SlackApiError as error:
            why, remedy = reason(said_by(error)[0])
            if not why:
                raise
            if said_by(error)[0] == "not_in_channel" and await self._joined():
                await self.say(payload)
                return
            self._refused = True
            unseen = gettext("It could not be shown in the channel: {why}.", why=why)
            text = f"{unseen} {remedy}".strip()
            await self._privately.say({"text": fallback(text), "blocks": [said(text)]})

    async def _joined(self) -> bool:
        if self._tried:
            return False
        self._tried = True
        try:
            await self._client.conversations_join(channel=self._location.channel.channel)
        except SlackApiError:
            return False
        return True


async def sent(call: Callable[..., Awaitable[Any]], given: dict[str, Any]) -> Any:
    """Make a call that posts; once more if Slack was not reached, and with plain text if Slack refuses its blocks.

    Raises:
        SlackApiError: Slack refuses it for another reason.
        ClientError, OSError: it is not known whether it was posted.
    """
    try:
        return await call(**given)
    except UNREACHED:
        return await call(**given)
    except SlackApiError as error:
        if said_by(error)[0] not in TOO_LARGE or not given.get("blocks"):
            raise
        plain = {name: value for name, value in given.items() if name != "blocks"}
        above = gettext("The answer was too large for Slack; this is its beginning.")
        return await call(**plain | {"text": f"{above}\n{given.get('text', '')}"})


def _in_place(payload: Payload, location: Location) -> dict[str, Any]:
    return {**_sent(payload), **({"thread_ts": location.thread} if location.thread else {})}


def _sent(payload: Payload) -> dict[str, Any]:
    names = ("text", "blocks", "unfurl_links", "unfurl_media")
    return {name: payload[name] for name in names if name in payload}


def _apart(blocks: Iterable[Json]) -> list[Json]:
    """Return the blocks of several messages as those of one view, where each block id must be unique."""
    seen: Counter[str] = Counter()
    made = []
    for block in blocks:
        named = str(block.get("block_id", ""))
        seen[named] += 1
        # Of each message's menu of papers, and of nothing else, there may be several.
        made.append({**block, "block_id": f"{named}|{seen[named]}"} if named and seen[named] > 1 else block)
    return made
