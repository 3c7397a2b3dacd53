"""How many papers of one message are answered, and how the rest is reported."""

from collections.abc import Sequence

from bots.domain.channels import Channel
from bots.domain.requests import Lookup
from bots.translation.speech import gettext

#: Papers of one message that are shown each with its own card: three fill a screen. More come as one list, which is
#: also bounded and says how many it leaves out.
MOST_CARDS = 3
#: Links of one message that are unfurled: five cards fill a screen and a half, and nobody asked for them.
MOST_UNFURLS = 5


def lookups(links: Sequence[str], channel: Channel, user: str) -> tuple[Lookup, ...]:
    """Return the requests for the papers in one message: one each, or a single one for more than `MOST_CARDS`.

    Args:
        links: addresses or ids of the papers, in order.
        channel: where the message is.
        user: the person who wrote or chose it.
    """
    if len(links) > MOST_CARDS:
        return (Lookup(channel=channel, user=user, text=" ".join(links)),)
    return tuple(Lookup(channel=channel, user=user, text=link) for link in links)


def left_out(links: int) -> str:
    """Return the sentence about the links of a message that are not unfurled; empty if all are."""
    if links <= MOST_UNFURLS:
        return ""
    return gettext(
        "Only the first {most} of the {given} links in this message are shown like this.",
        most=MOST_UNFURLS,
        given=links,
    )
