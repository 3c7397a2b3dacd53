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
from bots.translation.formats import sentences
from bots.translation.speech import gettext, gettext_noop
from bots.usecases.problems import hint_for_members

_TITLE = gettext_noop("A digest is paused")


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
    what = sentence(gettext("It is: {content}", content=subscription_text.what_text(subscription)))
    ends = str(error.hint) in subscription_text.ELSEWHERE
    goes_on = subscription_text.goes_on_line(remedy, gettext("Then press Resume."), ends=ends)
    paused = gettext("The digest in {place} is paused. {why}", place=subscription_text.PLACE, why=why)
    before, _, after = paused.partition(subscription_text.PLACE)
    row = subscription_row(subscription, resting=True)
    lines: list[list[Json]] = [
        [
            *([leaf(before)] if before else []),
            place(subscription.channel.channel),
            leaf(cut(after, MAX_LINE)),
        ],
        *([leaf(cut(line, MAX_LINE))] for line in (what, goes_on)),
    ]
    says = sentences(gettext("The digest is paused."), why, goes_on)
    piece = Piece(blocks=(header(gettext(_TITLE)), rich(*lines), *((row,) if row else ())), says=says)
    groups = messages([piece])
    return number_parts(to, [(payload(group), group) for group in groups])
