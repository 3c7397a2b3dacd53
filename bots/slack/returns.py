"""Offers to resume what was paused while the bot could not post in a channel: it was invited again, or unarchived."""

import logging
from collections.abc import Iterable, Iterator, Sequence

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.phrases import cut, sentence
from bots.domain.channels import Channel
from bots.domain.subscriptions import Subscription
from bots.presentation import subscription_text
from bots.slack.blocks import MAX_LINE, leaf, rich
from bots.slack.controls import subscription_row
from bots.slack.messages import Piece, message, messages
from bots.slack.web_client import UNCONFIRMED, said_by

_log = logging.getLogger(__name__)


def paused_by_itself(held: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """Return the subscriptions that Paperwire paused, and no person."""
    return tuple(each for each in held if not each.enabled and each.off_because)


async def offer(client: AsyncWebClient, channel: Channel, paused: Sequence[Subscription]) -> None:
    """Post each paused subscription of a channel with a button to resume it; a refusal is logged."""
    for group in messages(tuple(_pieces(paused))):
        try:
            await client.chat_postMessage(channel=channel.channel, **message(group))
        except (SlackApiError, *UNCONFIRMED) as error:
            said = said_by(error)[0] if isinstance(error, SlackApiError) else type(error).__name__
            _log.info("a resumption was not offered", extra={"channel": str(channel), "error": said})
            return


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
