"""Notices about a paused subscription: to the person who made it, and to its channel where that is possible. Pure."""

from bots.chat.phrases import cut, sentence
from bots.chat.rendering import number_parts
from bots.chat.secret_texts import for_chat
from bots.discord.components import text
from bots.discord.entries import MAX_LINE, shortened
from bots.discord.markup import channel_mention, heading
from bots.discord.messages import Piece, messages, payload
from bots.discord.payloads import PERSON, PLATFORM
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import ChannelGone, DeliveryError
from bots.domain.subscriptions import Subscription
from bots.presentation import subscription_text
from bots.usecases.problems import hint_for_members

_TITLE = "A digest is paused"


def pause_notices(subscription: Subscription, error: DeliveryError) -> tuple[tuple[Part, ...], ...]:
    """Return the notices, each as the parts for one channel.

    A channel that accepts no posts gets none, and a person whose own direct messages are refused gets none.
    """
    here, gone = subscription.channel, isinstance(error, ChannelGone)
    person = Channel(platform=PLATFORM, channel=f"{PERSON}{subscription.made_by}")
    places = [person] if subscription.made_by and here.workspace else []
    return tuple(_notice(each, subscription, error) for each in (*places, *(() if gone else (here,))))


def _notice(to: Channel, subscription: Subscription, error: DeliveryError) -> tuple[Part, ...]:
    where = channel_mention(subscription.channel)
    why, remedy = sentence(for_chat(str(error))), sentence(hint_for_members(error.hint))
    what = sentence(f"It is: {cut(subscription_text.what_text(subscription), MAX_LINE)}")
    # From anywhere: in a forum no command can be used, and in a locked thread only by few.
    asked = (
        f"/paper subscriptions with the channel {where}" if subscription.channel.workspace else "/paper subscriptions"
    )
    how = f"Then use {asked}, and press Resume."
    lines = (
        f"The digest in {where} is paused. {shortened(why, MAX_LINE)}",
        shortened(what, MAX_LINE),
        subscription_text.goes_on_line(shortened(remedy, MAX_LINE), how),
    )
    piece = Piece(components=(text(heading(_TITLE)), text("\n".join(lines))))
    groups = messages([piece])
    return number_parts(to, [(payload(group, title=_TITLE, in_thread=False), group) for group in groups])
