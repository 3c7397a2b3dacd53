"""Tell a channel in one line who changed its subscriptions, and who shared a paper; nobody is notified."""

import logging
import re
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.phrases import cut
from bots.domain.channels import Channel
from bots.domain.replies import Changed, Reply
from bots.presentation.announcement_text import announcement, changed
from bots.slack.actions import AnswerRequest, Show
from bots.slack.blocks import MAX_LINE, Json, fallback, said, small
from bots.slack.message_text import unescape
from bots.slack.names import Names
from bots.slack.web_client import said_by
from bots.translation.languages import load_languages
from bots.translation.speech import gettext, speaking

_log = logging.getLogger(__name__)

#: Ids of channels; direct messages begin with D, and the home tab stands for a person, U or W.
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")


class Announcer:
    """Posts the lines that tell a channel who did what."""

    def __init__(self, names: Names) -> None:
        self._names = names

    async def announce(self, ask: AnswerRequest, reply: Reply, client: AsyncWebClient, body: object) -> None:
        """Announce a change of a subscription in its channel; never raise, because the change is made already."""
        if not isinstance(reply, Changed):
            return
        # Everyone in the channel reads it.
        with speaking(load_languages().of(changed(reply).language, "slack")):
            await self._announce(ask, reply, client, body)

    async def _announce(self, ask: AnswerRequest, reply: Changed, client: AsyncWebClient, body: object) -> None:
        does, channel = announcement(reply), _changed_in(ask, reply)
        if not does or channel is None:
            return
        try:
            who = await self._names.of(client, ask.request.reader, body=body)
            line = cut(f"{who} {does}", MAX_LINE)
            sent: dict[str, Any] = {"text": fallback(line), "blocks": [said(line)]}
            await client.chat_postMessage(channel=channel.channel, unfurl_links=False, unfurl_media=False, **sent)
        except Exception as error:  # noqa: BLE001 - whatever fails, the change itself must be answered as made
            _log.info("a change was not announced", extra={"channel": str(channel), "error": _reason(error)})


def _changed_in(ask: AnswerRequest, reply: Changed) -> Channel | None:
    """Return the channel to tell about a change; None for direct messages, or if the answer itself is seen there."""
    channel = changed(reply).channel
    seen = ask.show in (Show.THREAD, Show.CHANNEL) and channel == ask.location.channel
    return channel if _CHANNEL.fullmatch(channel.channel) and not seen else None


def _reason(error: Exception) -> str:
    return said_by(error)[0] if isinstance(error, SlackApiError) else str(error)


def shared_by(who: str, payload: Json) -> Json:
    """Return a message that a person shared, with a line above it that names the person."""
    line = gettext("{who} shared this", who=who)
    above = small(line) or said(line)
    told = gettext("{source}: {reason}", source=line, reason=unescape(payload["text"]))
    return {**payload, "text": fallback(told), "blocks": [above, *payload["blocks"]]}
