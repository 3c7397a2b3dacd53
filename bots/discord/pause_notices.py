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
from bots.translation.speech import gettext, gettext_noop
from bots.usecases.problems import hint_for_members

_TITLE = gettext_noop("A digest is paused")


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
    what = sentence(gettext("It is: {content}", content=cut(subscription_text.what_text(subscription), MAX_LINE)))
    # From anywhere: in a forum no command can be used, and in a locked thread only by few.
    if subscription.channel.workspace:
        how = gettext("Then use /paper subscriptions with the channel {place}, and press Resume.", place=where)
    else:
        how = gettext("Then use /paper subscriptions, and press Resume.")
    ends = str(error.hint) in subscription_text.ELSEWHERE
    lines = (
        gettext("The digest in {place} is paused. {why}", place=where, why=shortened(why, MAX_LINE)),
        shortened(what, MAX_LINE),
        subscription_text.goes_on_line(shortened(remedy, MAX_LINE), how, ends=ends),
    )
    piece = Piece(components=(text(heading(gettext(_TITLE))), text("\n".join(lines))))
    groups = messages([piece])
    return number_parts(to, [(payload(group, title=gettext(_TITLE), in_thread=False), group) for group in groups])
