"""What the commands and buttons about follows and mentions request. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bots.discord.command_definitions import CHANNEL_FOLLOWS
from bots.discord.controls import Control
from bots.discord.payloads import Location, unreadable
from bots.domain.errors import BadQuery
from bots.domain.follows import FollowKind, MentionStep
from bots.domain.requests import Follow, Following, Mentions, Request, Unfollow
from bots.presentation.follow_text import read_held
from bots.selection import parse_query
from bots.selection.words import words_of
from bots.translation.speech import gettext


def _follow(location: Location, given: Mapping[str, str], _today: date | None) -> Request:
    kind, text = _followed(given)
    if not words_of(text):
        raise BadQuery(
            gettext("Which author, topic or query?"),
            hint=gettext("Give the name of a person, a subject in plain words, or a filter."),
        )
    if kind is FollowKind.QUERY:
        parse_query(text)
    own = Follow(channel=location.own, place=location.channel, user=location.user, kind=kind, text=text)
    return _for_channel(own, location) if given.get("whom") == CHANNEL_FOLLOWS else own


def _unfollow(location: Location, given: Mapping[str, str], _today: date | None) -> Request:
    kind, text = _followed(given)
    named = kind if given.get("kind") else None
    own = Unfollow(channel=location.own, place=location.channel, user=location.user, kind=named, text=text)
    return _for_channel(own, location) if given.get("whom") == CHANNEL_FOLLOWS else own


def _followed(given: Mapping[str, str]) -> tuple[FollowKind, str]:
    kind = given.get("kind", "")
    text = " ".join(given.get("text", "").split())
    return FollowKind(kind) if kind in list(FollowKind) else FollowKind.TOPIC, text


def _for_channel(request: Follow | Unfollow, location: Location) -> Request:
    return replace(request, channel=location.channel, place=None, everyone=True)


def _following(location: Location, _given: Mapping[str, str], _today: date | None) -> Request:
    return Following(channel=location.own, place=location.channel, user=location.user)


def _mentions(location: Location, given: Mapping[str, str], _today: date | None) -> Request:
    said = given.get("step", "")
    step = MentionStep(said) if said in list(MentionStep) else MentionStep.SHOW
    if step in (MentionStep.ALLOW, MentionStep.FORBID):
        return Mentions(channel=location.channel, user=location.user, step=step)
    return Mentions(channel=location.own, place=location.channel, user=location.user, step=step)


def of_follow(location: Location, control: Control, held: str) -> Request:
    """Return the request of a button about something that is followed, or about mentions."""
    if control in (Control.MENTIONS_ON, Control.MENTIONS_OFF):
        step = MentionStep.ON if control is Control.MENTIONS_ON else MentionStep.OFF
        return _mentions(location, {"step": step}, None)
    read = read_held(held)
    if read is None:
        raise unreadable()
    make = Follow if control is Control.FOLLOW else Unfollow
    own = make(channel=location.own, place=location.channel, user=location.user, kind=read[0], text=read[1])
    return _for_channel(own, location) if read[2] else own


#: The commands, by their words.
OF_FOLLOWS: Mapping[tuple[str, ...], Callable[[Location, Mapping[str, str], date | None], Request]] = {
    ("paper", "follow"): _follow,
    ("paper", "unfollow"): _unfollow,
    ("paper", "following"): _following,
    ("paper", "mentions"): _mentions,
}
#: The buttons.
FOLLOW_CONTROLS = frozenset(
    {Control.FOLLOW, Control.UNFOLLOW, Control.END_FOLLOW, Control.MENTIONS_ON, Control.MENTIONS_OFF}
)
