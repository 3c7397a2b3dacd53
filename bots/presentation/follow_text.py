"""Describes what is followed and who may be mentioned, in words. Plain text, as in `digest_text.py`."""

from bots.chat.phrases import clean, cut
from bots.domain.follows import Consents, Follow, FollowKind
from bots.domain.replies import Offer
from bots.translation.speech import gettext, ngettext

#: Characters of what is followed, in a sentence about it.
_MOST = 120
#: The two lists, as the value of a button begins.
_MINE, _HERE = "mine", "here"


def named_text(said: Follow) -> str:
    """Return "the author Ada Lovelace", "the topic “graphs”" or "the query “au:x”"."""
    text = cut(clean(said.text), _MOST)
    match said.kind:
        case FollowKind.AUTHOR:
            return gettext("the author {text}", text=text)
        case FollowKind.TOPIC:
            return gettext("the topic “{text}”", text=text)
    return gettext("the query “{text}”", text=text)


def whose_text(*, everyone: bool) -> str:
    """Return who follows: "all of you here" or "you"."""
    return gettext("all of you here") if everyone else gettext("you")


def followed_text(said: Follow, *, everyone: bool, personal: bool) -> str:
    """Return what happens from now on."""
    named = named_text(said)
    if everyone:
        return gettext(
            "This channel follows {what} now. Such papers come first in its digests, with the reason. /paper following "
            "lists what is followed.",
            what=named,
        )
    if personal:
        return gettext(
            "You follow {what} now. A digest that you subscribe to here brings such papers first. /paper following "
            "lists what you follow.",
            what=named,
        )
    return gettext(
        "You follow {what} now. For a digest of such papers, use /paper subscribe in a direct message to Paperwire. "
        "/paper following lists what you follow.",
        what=named,
    )


def followed_twice_text(said: Follow, *, everyone: bool) -> str:
    """Return that nothing changed."""
    named = named_text(said)
    if everyone:
        return gettext("This channel follows {what} already.", what=named)
    return gettext("You follow {what} already.", what=named)


def unfollowed_text(said: Follow, *, everyone: bool) -> str:
    """Return what ended."""
    named = named_text(said)
    if everyone:
        return gettext("This channel no longer follows {what}.", what=named)
    return gettext("You no longer follow {what}.", what=named)


def not_followed_text(said: Follow, *, everyone: bool) -> str:
    """Return that there was nothing to end."""
    text = cut(clean(said.text), _MOST)
    if everyone:
        return gettext("This channel does not follow “{text}”. /paper following lists what is followed.", text=text)
    return gettext("You do not follow “{text}”. /paper following lists what you follow.", text=text)


def following_headline(mine: int, here: int, *, personal: bool) -> str:
    """Return how many things the person and the channel follow."""
    if not mine and not here:
        return gettext(
            "Nothing is followed yet. To begin: /paper follow author with a name, /paper follow topic with a subject, "
            "or /paper follow query with a filter. To end a digest: /paper unsubscribe."
        )
    own = ngettext("You follow {number} thing", "You follow {number} things", mine)
    if personal:
        return own
    return ngettext(
        "{own}, and this channel follows {number}", "{own}, and this channel follows {number}", here, own=own
    )


def item_text(said: Follow, number: int, *, everyone: bool, labelled: bool) -> str:
    """Return one thing that is followed, with its number in its list."""
    named = f"{number}. {named_text(said)}"
    if not labelled:
        return named
    return gettext("Channel: {what}", what=named) if everyone else gettext("You: {what}", what=named)


def consent_text(consents: Consents, *, agreed: bool, follows: int) -> str:
    """Return whether the person is mentioned here, and what is missing if not."""
    if not agreed:
        return gettext(
            "You are not mentioned here. With /paper mentions on, a digest here may mention you under a paper that "
            "fits what you follow."
        )
    if not consents.allowed:
        return gettext(
            "You agreed to be mentioned here, but mentions are off in this channel. Whoever may change its "
            "subscriptions switches them on: /paper mentions allow."
        )
    if not follows:
        return gettext(
            "You may be mentioned here under papers that fit what you follow, but you follow nothing yet: /paper "
            "follow author, topic or query."
        )
    return gettext(
        "You may be mentioned here under papers that fit what you follow. Others who read the digest then see that "
        "you might care. /paper mentions off ends that."
    )


def channel_consent_text(consents: Consents) -> str:
    """Return whether anyone may be mentioned in the channel, for who switched that."""
    if not consents.allowed:
        return gettext("Nobody is mentioned in this channel's digests.")
    agreed = ngettext("{number} person has agreed so far", "{number} people have agreed so far", len(consents.readers))
    return gettext(
        "This channel's digests may mention members who agree: at most two under a paper and three in a digest. "
        "{agreed}; each agrees with /paper mentions on.",
        agreed=agreed,
    )


def care_label() -> str:
    """Return what stands before the members who might care about a paper."""
    return gettext("Might interest")


def held_of(offer: Offer) -> str:
    """Return what the button of a step about something that is followed carries; empty for any other step."""
    if offer.kind is None:
        return ""
    return f"{_HERE if offer.everyone else _MINE} {offer.kind} {offer.text}"


def read_held(held: str) -> tuple[FollowKind, str, bool] | None:
    """Return the kind, the text and whether the channel follows it, as `held_of` wrote them; None for other text."""
    whose, _, rest = held.partition(" ")
    kind, _, text = rest.partition(" ")
    if whose not in (_MINE, _HERE) or kind not in list(FollowKind) or not text:
        return None
    return FollowKind(kind), text, whose == _HERE
