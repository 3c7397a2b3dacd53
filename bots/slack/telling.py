"""Where an answer is said: in a thread, to one person, to a channel, in a view; and where that person lives."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bots.slack.answering import WORKING, Payload
from bots.slack.blocks import Json
from bots.slack.payloads import Spot


async def update_view(client: AsyncWebClient, view_id: str, view: Json) -> None:
    """Put another view in the place of one that is open."""
    await client.views_update(view_id=view_id, view=view)


async def to_channel(client: AsyncWebClient, spot: Spot, payload: Payload, _instead: bool) -> None:
    """Say something to the whole channel, and to nobody that it takes a moment."""
    if payload is not WORKING:
        await client.chat_postMessage(channel=spot.channel.channel, **_sent(payload))


async def tell(client: AsyncWebClient, spot: Spot, thread: bool, payload: Payload, instead: bool) -> None:
    """Say something where it was asked: in the thread of a message, or to the one person who asked."""
    if thread:
        root = spot.thread or spot.message
        await client.chat_postMessage(channel=spot.channel.channel, thread_ts=root or None, **_sent(payload))
    elif spot.response_url:
        hook = AsyncWebhookClient(spot.response_url, retry_handlers=[])
        await hook.send_dict({**_sent(payload), "response_type": "ephemeral", "replace_original": instead})
    else:
        await client.chat_postEphemeral(channel=spot.channel.channel, user=spot.user, **_sent(payload))


def _sent(payload: Payload) -> dict[str, Any]:
    names = ("text", "blocks", "unfurl_links", "unfurl_media")
    return {name: payload[name] for name in names if name in payload}


async def zone_of(client: AsyncWebClient, user: str) -> ZoneInfo:
    """Return the time zone of a person's profile; UTC where it cannot be had."""
    try:
        answer = await client.users_info(user=user)
        return ZoneInfo(str((answer.get("user") or {}).get("tz") or "UTC"))
    except (SlackApiError, OSError, TimeoutError, ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
