"""Pauses the digests of a channel that the bot was removed from, and offers to resume them when it is back.

Whoever removes the bot wants no more digests there, even if the app may post in channels that it is not in.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.phrases import cut, sentence
from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone
from bots.domain.subscriptions import Subscription
from bots.ports import Subscriptions
from bots.presentation import subscription_text
from bots.slack.blocks import MAX_LINE, leaf, rich
from bots.slack.controls import subscription_row
from bots.slack.messages import Piece, message, messages
from bots.slack.pause_notices import pause_notices
from bots.slack.web_client import UNCONFIRMED, said_by
from bots.translation.speech import gettext_lazy

_log = logging.getLogger(__name__)


async def pause(client: AsyncWebClient, held: Iterable[Subscription], store: Subscriptions) -> None:
    """Pause the subscriptions of a channel that the bot was removed from, and tell the person who made each.

    Raises:
        StoreError: the database cannot be written.
    """
    gone = ChannelGone(
        gettext_lazy("Paperwire was removed from that channel."),
        hint=gettext_lazy("In the channel, type /invite @Paperwire."),
    )
    for subscription in held:
        if subscription.enabled:
            await store.keep_subscription(replace(subscription, enabled=False, off_because=f"{gone}"))
            for part in (part for parts in pause_notices(subscription, gone) for part in parts):
                await _posted(client, part.channel, part.payload)


def paused_by_itself(held: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """Return the subscriptions that Paperwire paused, and no person."""
    return tuple(each for each in held if not each.enabled and each.off_because)


async def offer(client: AsyncWebClient, channel: Channel, paused: Sequence[Subscription]) -> None:
    """Post each paused subscription of a channel with a button to resume it; a refusal is logged."""
    for group in messages(tuple(_pieces(paused))):
        await _posted(client, channel, message(group))


async def _posted(client: AsyncWebClient, channel: Channel, payload: Mapping[str, Any]) -> None:
    try:
        await client.chat_postMessage(channel=channel.channel, **payload)
    except (SlackApiError, *UNCONFIRMED) as error:
        said = said_by(error)[0] if isinstance(error, SlackApiError) else type(error).__name__
        _log.info("a notice about a pause was not posted", extra={"channel": str(channel), "error": said})


def _pieces(paused: Sequence[Subscription]) -> Iterator[Piece]:
    for subscription in paused:
        what = sentence(f"It is: {subscription_text.what_text(subscription)}")
        lines = (
            "This channel's digest is paused, because Paperwire could not post here.",
            what,
            "Press Resume, and it goes on. Digests that were due in the meantime are not sent later.",
        )
        row = subscription_row(subscription, resting=True)
        shown = rich(*([leaf(cut(line, MAX_LINE), bold=not number)] for number, line in enumerate(lines)))
        yield Piece(blocks=(shown, *((row,) if row else ())), says=" ".join(lines))
