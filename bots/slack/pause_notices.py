"""Notices about a paused subscription: to the person who made it, and to its channel where that is possible. Pure."""

from bots.chat.phrases import cut, sentence
from bots.chat.rendering import number_parts
from bots.chat.secret_texts import for_chat
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import ChannelGone, DeliveryError
from bots.domain.subscriptions import Subscription
from bots.presentation import subscription_text
from bots.slack.blocks import MAX_LINE, Json, header, leaf, place, rich
from bots.slack.controls import subscription_row
from bots.slack.messages import Piece, messages, payload
from bots.usecases.problems import hint_for_members

_TITLE = "A digest is paused"


def pause_notices(subscription: Subscription, error: DeliveryError) -> tuple[tuple[Part, ...], ...]:
    """Return the notices, each as the parts for one channel.

    A channel that is gone gets none: nothing can be posted there.
    """
    here = subscription.channel
    person = Channel(platform=here.platform, workspace=here.workspace, channel=subscription.made_by)
    places = [person] if subscription.made_by else []
    if not isinstance(error, ChannelGone) and here.channel != subscription.made_by:
        places.append(here)
    return tuple(_notice(each, subscription, error) for each in places)


def _notice(to: Channel, subscription: Subscription, error: DeliveryError) -> tuple[Part, ...]:
    why, remedy = sentence(for_chat(str(error))), sentence(hint_for_members(error.hint))
    what = sentence(f"It is: {subscription_text.what_text(subscription)}")
    goes_on = subscription_text.goes_on_line(remedy, "Then press Resume.")
    row = subscription_row(subscription, resting=True)
    lines: list[list[Json]] = [
        [leaf("The digest in "), place(subscription.channel.channel), leaf(cut(f" is paused. {why}", MAX_LINE))],
        *([leaf(cut(line, MAX_LINE))] for line in (what, goes_on)),
    ]
    says = f"The digest is paused. {why} {goes_on}"
    piece = Piece(blocks=(header(_TITLE), rich(*lines), *((row,) if row else ())), says=says)
    groups = messages([piece])
    return number_parts(to, [(payload(group), group) for group in groups])
